using System.Globalization;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Matching;

/// <summary><c>envoy.config.route.v3.HeaderMatcher</c>. Each line of a repeated header is tried alone and one that fits is enough; an inverted matcher fits if no
/// line does. A missing header never fits, inverted or not, unless it is treated as empty or only its presence is asked. Immutable.</summary>
public sealed class HeaderMatcher
{
    private readonly StringMatcher? _value;
    private readonly bool _present;
    private readonly bool _isRange;
    private readonly long _start;
    private readonly long _end;
    private readonly bool _invert;
    private readonly bool _missingIsEmpty;

    private HeaderMatcher(string name, bool invert, bool missingIsEmpty, StringMatcher? value = null, bool present = true,
        bool isRange = false, long start = 0, long end = 0)
    {
        Name = name;
        _invert = invert;
        _missingIsEmpty = missingIsEmpty;
        _value = value;
        _present = present;
        _isRange = isRange;
        _start = start;
        _end = end;
    }

    /// <summary>The header's name, lower case; may be a pseudo header.</summary>
    public string Name { get; }

    /// <summary><c>present_match</c>; also a matcher without any condition (present).</summary>
    public static HeaderMatcher Present(string name, bool present = true, bool invert = false, bool missingIsEmpty = false) =>
        new(name, invert, missingIsEmpty, present: present);

    /// <summary><c>string_match</c> and the older forms of it.</summary>
    public static HeaderMatcher Value(string name, StringMatcher value, bool invert = false, bool missingIsEmpty = false) =>
        new(name, invert, missingIsEmpty, value);

    /// <summary><c>range_match</c>: a decimal integer from <paramref name="start"/> up to but not including <paramref name="end"/>.</summary>
    public static HeaderMatcher Range(string name, long start, long end, bool invert = false, bool missingIsEmpty = false) =>
        new(name, invert, missingIsEmpty, isRange: true, start: start, end: end);

    /// <summary>True if the headers fit. Pure; does not allocate.</summary>
    public bool Matches<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        var count = headers.Count(Name);
        if (_value is null && !_isRange)
            return ((count > 0 || _missingIsEmpty) == _present) != _invert;
        if (count == 0)
            return _missingIsEmpty && MatchesValue("") != _invert;
        for (var i = 0; i < count; i++)
        {
            if (MatchesValue(headers.Get(Name, i)))
                return !_invert;
        }

        return _invert;
    }

    /// <summary>The condition in words, for explanations.</summary>
    public override string ToString()
    {
        var condition = _value is not null ? _value.ToString()
            : _isRange ? string.Create(CultureInfo.InvariantCulture, $"in [{_start}, {_end})")
            : _present ? "present" : "absent";
        return $"header {Name}{(_invert ? " not" : "")} {condition}{(_missingIsEmpty ? ", missing counts as empty" : "")}";
    }

    private bool MatchesValue(ReadOnlySpan<char> value) => _value is not null
        ? _value.Matches(value)
        : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= _start && number < _end;
}
