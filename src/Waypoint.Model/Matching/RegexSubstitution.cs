using System.Text.RegularExpressions;

namespace Waypoint.Model.Matching;

/// <summary><c>envoy.type.matcher.v3.RegexMatchAndSubstitute</c>: replaces every occurrence of an RE2 pattern; <c>\N</c> in the substitution is capture group N,
/// <c>\0</c> the whole occurrence. Immutable.</summary>
public sealed class RegexSubstitution
{
    private readonly Regex _pattern;
    private readonly string _replacement;

    internal RegexSubstitution(Regex pattern, string replacement, string source)
    {
        _pattern = pattern;
        _replacement = replacement;
        Source = source;
    }

    /// <summary>The pattern as configured.</summary>
    public string Source { get; }

    /// <summary>The text with every occurrence replaced.</summary>
    public string ReplaceAll(string text) => _pattern.Replace(text, _replacement);
}
