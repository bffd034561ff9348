namespace Waypoint.Model.Matching;

/// <summary>Conditions of which one has to hold (<c>envoy.type.matcher.v3.ListStringMatcher</c>). Immutable.</summary>
/// <param name="matchers"><c>patterns</c>.</param>
public sealed class StringMatcherList(IReadOnlyList<StringMatcher> matchers)
{
    private readonly StringMatcher[] _matchers = [.. matchers];

    /// <summary>Nothing fits.</summary>
    public static StringMatcherList Empty { get; } = new([]);

    /// <summary>True if nothing fits because there is no condition.</summary>
    public bool IsEmpty => _matchers.Length == 0;

    /// <summary>True if <paramref name="value"/> fits one of them. Pure; does not allocate.</summary>
    public bool Matches(ReadOnlySpan<char> value)
    {
        foreach (StringMatcher matcher in _matchers)
        {
            if (matcher.Matches(value))
                return true;
        }

        return false;
    }
}
