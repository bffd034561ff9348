using Waypoint.Model.Requests;

namespace Waypoint.Model.Matching;

/// <summary><c>xds.type.matcher.v3.Matcher.MatcherList.Predicate</c> over request headers. Unlike in a <see cref="HeaderMatcher"/>, several lines of a header are
/// one value, joined by commas; a missing header fits nothing. Immutable.</summary>
public abstract class HeaderPredicate
{
    private protected HeaderPredicate()
    {
    }

    /// <summary>True if the headers fit. Pure.</summary>
    public abstract bool Matches<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView;

    /// <summary><c>single_predicate</c> with a request header as input.</summary>
    public static HeaderPredicate Value(string header, StringMatcher value) => new ValueForm(header, value);

    /// <summary><c>and_matcher</c>.</summary>
    public static HeaderPredicate All(IReadOnlyList<HeaderPredicate> parts) => new AllForm([.. parts]);

    /// <summary><c>or_matcher</c>.</summary>
    public static HeaderPredicate Any(IReadOnlyList<HeaderPredicate> parts) => new AnyForm([.. parts]);

    /// <summary><c>not_matcher</c>.</summary>
    public static HeaderPredicate Not(HeaderPredicate part) => new NotForm(part);

    /// <summary>All lines of a header joined by commas; null if there is none.</summary>
    internal static string? JoinedValue<THeaders>(in THeaders headers, string name)
        where THeaders : struct, IHeaderView
    {
        var count = headers.Count(name);
        if (count <= 1)
            return count == 0 ? null : headers.Get(name, 0);
        var lines = new string[count];
        for (var i = 0; i < count; i++)
            lines[i] = headers.Get(name, i);
        return string.Join(',', lines);
    }

    private sealed class ValueForm(string header, StringMatcher value) : HeaderPredicate
    {
        public override bool Matches<THeaders>(in THeaders headers) => JoinedValue(headers, header) is { } text && value.Matches(text);
    }

    private sealed class AllForm(HeaderPredicate[] parts) : HeaderPredicate
    {
        public override bool Matches<THeaders>(in THeaders headers)
        {
            foreach (var part in parts)
            {
                if (!part.Matches(headers))
                    return false;
            }

            return true;
        }
    }

    private sealed class AnyForm(HeaderPredicate[] parts) : HeaderPredicate
    {
        public override bool Matches<THeaders>(in THeaders headers)
        {
            foreach (var part in parts)
            {
                if (part.Matches(headers))
                    return true;
            }

            return false;
        }
    }

    private sealed class NotForm(HeaderPredicate part) : HeaderPredicate
    {
        public override bool Matches<THeaders>(in THeaders headers) => !part.Matches(headers);
    }
}
