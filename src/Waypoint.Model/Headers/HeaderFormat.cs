using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Waypoint.Model.Headers;

/// <summary>The value of a header that is set by configuration: text with Envoy's <c>%OPERATOR(argument):length%</c> in it. Immutable; parsed once.</summary>
public sealed class HeaderFormat
{
    private readonly FormatSegment[] _segments;

    private HeaderFormat(string source, FormatSegment[] segments)
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

    /// <summary>Names of the operators that are understood, for messages.</summary>
    public static string SupportedOperators => string.Join(", ", HeaderFormatParser.OperatorNames);

    /// <summary>Reads a value with operators, or says in <paramref name="problem"/> why it is none; an operator that is not understood is a problem.</summary>
    public static bool TryParse(string source, [NotNullWhen(true)] out HeaderFormat? format, [NotNullWhen(false)] out string? problem)
    {
        format = new HeaderFormatParser(source).TryParse(out var segments, out problem) ? new HeaderFormat(source, segments) : null;
        return format is not null;
    }

    /// <summary>The value for one request. An operator that has nothing to say leaves nothing, unlike the dash of an access log.</summary>
    public string Render(IFormatValues values)
    {
        if (LiteralValue is not null)
            return LiteralValue;
        if (_segments.Length == 1)
            return Render(_segments[0], values) ?? "";

        var text = new StringBuilder();
        foreach (var segment in _segments)
            text.Append(segment.Literal ?? Render(segment, values));
        return text.ToString();
    }

    /// <summary>The operator, if the value is one operator and nothing else; otherwise null.</summary>
    public FormatField? SoleOperator => _segments is [{ Literal: null } only] ? only.Field : null;

    /// <summary>The value of <see cref="SoleOperator"/> for one request; null where it has nothing to say.</summary>
    public string? RenderOrNull(IFormatValues values) => Render(_segments[0], values);

    /// <summary>The value for one record of an access log, where operators that have nothing to say leave <paramref name="missing"/>.</summary>
    public string Render(IFormatValues values, string missing)
    {
        if (LiteralValue is not null)
            return LiteralValue;
        var text = new StringBuilder();
        foreach (var segment in _segments)
            text.Append(segment.Literal ?? (Render(segment, values) is { Length: > 0 } value ? value : missing));
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
