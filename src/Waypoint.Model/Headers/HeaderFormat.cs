using System.Text;

namespace Waypoint.Model.Headers;

/// <summary>The value of a header that is set by configuration: text with Envoy's <c>%OPERATOR(argument):length%</c> in it. Immutable; parsed once.</summary>
public sealed class HeaderFormat
{
    /// <summary>What an operator without value leaves.</summary>
    private const string Unknown = "-";

    private readonly FormatSegment[] _segments;

    internal HeaderFormat(string source, FormatSegment[] segments)
    {
        Source = source;
        _segments = segments;
        LiteralValue = segments.Length switch
        {
            0 => "",
            1 => segments[0].Literal,
            _ => null,
        };
    }

    /// <summary>The text it was parsed from.</summary>
    public string Source { get; }

    /// <summary>The value if it holds no operator; otherwise null.</summary>
    public string? LiteralValue { get; }

    /// <summary>A value without operators; percent signs are ordinary characters.</summary>
    public static HeaderFormat Literal(string value) => new(value, [new FormatSegment(value)]);

    /// <summary>The value for one request. A value of a single operator that has nothing to say is empty; within text it is a dash.</summary>
    public string Render(IFormatValues values)
    {
        if (LiteralValue is not null)
            return LiteralValue;
        if (_segments.Length == 1)
            return Render(_segments[0], values) ?? Unknown;

        var text = new StringBuilder();
        foreach (var segment in _segments)
            text.Append(segment.Literal ?? Render(segment, values) ?? Unknown);
        return text.ToString();
    }

    private static string? Render(FormatSegment segment, IFormatValues values)
    {
        var value = values.Get(segment.Field, segment.Argument);
        if (value is null && segment.Alternative is not null)
            value = values.Get(segment.Field, segment.Alternative);
        return value is not null && segment.MaxLength > 0 && value.Length > segment.MaxLength ? value[..segment.MaxLength] : value;
    }
}
