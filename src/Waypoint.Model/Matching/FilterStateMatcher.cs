using System.Net;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Matching;

/// <summary><c>envoy.type.matcher.v3.FilterStateMatcher</c>: a condition on an object in the filter state, such as the peer's principal. A missing object never fits. Immutable.</summary>
public sealed class FilterStateMatcher
{
    private readonly StringMatcher? _text;
    private readonly IPNetwork[] _ranges;
    private readonly bool _invert;

    private FilterStateMatcher(string key, StringMatcher? text, IPNetwork[] ranges, bool invert)
    {
        Key = key;
        _text = text;
        _ranges = ranges;
        _invert = invert;
    }

    /// <summary><c>key</c>: the object's name.</summary>
    public string Key { get; }

    /// <summary><c>string_match</c> on the object as text.</summary>
    public static FilterStateMatcher Text(string key, StringMatcher text) => new(key, text, [], invert: false);

    /// <summary><c>address_match</c>: the object is an address in one of the ranges, or with <paramref name="invert"/> in none.</summary>
    public static FilterStateMatcher Address(string key, IReadOnlyList<IPNetwork> ranges, bool invert = false) => new(key, null, [.. ranges], invert);

    /// <summary>True if the filter state fits; null: there is none. Pure.</summary>
    public bool Matches(IFilterStateView? state)
    {
        if (_text is not null)
            return state?.GetText(Key) is { } text && _text.Matches(text);
        if (state?.GetAddress(Key) is not { } address)
            return false;
        foreach (var range in _ranges)
        {
            if (range.Contains(address))
                return !_invert;
        }

        return _invert;
    }

    /// <summary>The condition in words, for explanations.</summary>
    public override string ToString() => $"filter state {Key} {_text?.ToString() ?? $"{(_invert ? "not " : "")}in {string.Join(", ", _ranges)}"}";
}
