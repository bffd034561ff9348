using System.Diagnostics.CodeAnalysis;

namespace Waypoint.Model.Matching;

/// <summary><c>envoy.type.matcher.v3.StringMatcher</c>: one condition on a text. Immutable; case is ignored for ASCII letters only.</summary>
public abstract class StringMatcher
{
    private protected StringMatcher()
    {
    }

    /// <summary>True if <paramref name="value"/> fits. Pure; does not allocate.</summary>
    public abstract bool Matches(ReadOnlySpan<char> value);

    /// <summary>The condition in words, for explanations: <c>prefix "/api"</c>.</summary>
    public abstract override string ToString();

    /// <summary><c>exact</c>.</summary>
    public static StringMatcher Exact(string text, bool ignoreCase = false) => new ExactStringMatcher(text, ignoreCase);

    /// <summary><c>prefix</c>.</summary>
    public static StringMatcher Prefix(string text, bool ignoreCase = false) => new PrefixStringMatcher(text, ignoreCase);

    /// <summary><c>suffix</c>.</summary>
    public static StringMatcher Suffix(string text, bool ignoreCase = false) => new SuffixStringMatcher(text, ignoreCase);

    /// <summary><c>contains</c>.</summary>
    public static StringMatcher Contains(string text, bool ignoreCase = false) => new ContainsStringMatcher(text, ignoreCase);

    /// <summary><c>safe_regex</c>: an RE2 pattern that has to fit the whole value. False with the reason if it is none.</summary>
    public static bool TryRegex(string source, [NotNullWhen(true)] out StringMatcher? matcher, [NotNullWhen(false)] out string? problem)
    {
        matcher = Re2Pattern.TryCompile(source, wholeInput: true, out var pattern, out problem) ? new RegexStringMatcher(source, pattern) : null;
        return matcher is not null;
    }

    private protected static string Describe(string kind, string text, bool ignoreCase) => ignoreCase ? $"{kind} \"{text}\" in any case" : $"{kind} \"{text}\"";
}
