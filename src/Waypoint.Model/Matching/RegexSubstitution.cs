using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Waypoint.Model.Matching;

/// <summary><c>envoy.type.matcher.v3.RegexMatchAndSubstitute</c>: replaces every occurrence of an RE2 pattern; <c>\N</c> in the substitution is capture group N,
/// <c>\0</c> the whole occurrence, <c>\\</c> a backslash. Immutable.</summary>
public sealed class RegexSubstitution
{
    private readonly Regex _pattern;
    private readonly string _replacement;

    private RegexSubstitution(Regex pattern, string replacement, string source)
    {
        _pattern = pattern;
        _replacement = replacement;
        Source = source;
    }

    /// <summary>The pattern as configured.</summary>
    public string Source { get; }

    /// <summary>Compiles pattern and substitution, or says why they cannot be.</summary>
    public static bool TryCreate(string pattern, string substitution, [NotNullWhen(true)] out RegexSubstitution? result, [NotNullWhen(false)] out string? problem)
    {
        result = null;
        if (!Re2Pattern.TryCompile(pattern, wholeInput: false, out var compiled, out problem)
            || !TryTranslate(substitution, compiled.GetGroupNumbers().Length, out var replacement, out problem))
        {
            return false;
        }

        result = new RegexSubstitution(compiled, replacement, pattern);
        return true;
    }

    /// <summary>The text with every occurrence replaced. An empty occurrence right behind another one does not count (.NET's own replacement would take it).</summary>
    public string ReplaceAll(string text)
    {
        var match = _pattern.Match(text);
        if (!match.Success)
            return text;

        var output = new StringBuilder(text.Length);
        var copied = 0;
        for (var last = -1; match.Success; match = match.NextMatch())
        {
            if (match.Length == 0 && match.Index == last)
                continue;
            output.Append(text, copied, match.Index - copied).Append(match.Result(_replacement));
            copied = last = match.Index + match.Length;
        }

        return output.Append(text, copied, text.Length - copied).ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => $"regex \"{Source}\"";

    private static bool TryTranslate(string substitution, int groups, [NotNullWhen(true)] out string? replacement, [NotNullWhen(false)] out string? problem)
    {
        replacement = null;
        problem = null;
        var output = new StringBuilder();
        for (var i = 0; i < substitution.Length; i++)
        {
            var c = substitution[i];
            if (c == '$')
            {
                output.Append("$$");
            }
            else if (c != '\\')
            {
                output.Append(c);
            }
            else if (++i < substitution.Length && substitution[i] == '\\')
            {
                output.Append('\\');
            }
            else if (i < substitution.Length && char.IsAsciiDigit(substitution[i]) && substitution[i] - '0' < groups)
            {
                output.Append(CultureInfo.InvariantCulture, $"${{{substitution[i]}}}");
            }
            else
            {
                problem = i < substitution.Length && char.IsAsciiDigit(substitution[i])
                    ? $"the substitution names group {substitution[i]} and the pattern has {groups - 1}"
                    : "the substitution has a backslash before something else than a digit or a backslash";
                return false;
            }
        }

        replacement = output.ToString();
        return true;
    }
}
