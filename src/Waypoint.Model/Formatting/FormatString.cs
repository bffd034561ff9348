using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Waypoint.Model.Formatting;

/// <summary>Text with Envoy's <c>%OPERATOR(argument):length%</c> in it, for access logs, header values and bodies. Immutable; parsed once.</summary>
public sealed class FormatString
{
    private readonly FormatSegment[] _segments;

    private FormatString(string source, FormatSegment[] segments)
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

    /// <summary>Names of the operators that are understood, for messages.</summary>
    public static string SupportedOperators { get; } = string.Join(", ", FormatOperators.Names);

    /// <summary>The text it was parsed from.</summary>
    public string Source { get; }

    /// <summary>The value if it holds no operator; otherwise null.</summary>
    public string? LiteralValue { get; }

    /// <summary>The operator that it is made of; null if it is literal text or more than one piece.</summary>
    internal FormatSegment? SingleOperator => _segments is [{ Literal: null } only] ? only : null;

    /// <summary>A value without operators; percent signs are ordinary characters.</summary>
    public static FormatString Literal(string value) => new(value, [new FormatSegment(value)]);

    /// <summary>Reads a text with operators, or says in <paramref name="problem"/> why it is none; an operator that is not understood is a problem.</summary>
    /// <param name="source">The text.</param>
    /// <param name="headerForms">Accepts the older forms of operators that header values may have.</param>
    /// <param name="format">The result.</param>
    /// <param name="problem">What is wrong, worded to follow the field's name.</param>
    public static bool TryParse(string source, bool headerForms, [NotNullWhen(true)] out FormatString? format, [NotNullWhen(false)] out string? problem)
    {
        format = new FormatParser(source, headerForms).TryParse(out var segments, out problem) ? new FormatString(source, segments) : null;
        return format is not null;
    }

    /// <summary>The text for one request.</summary>
    /// <param name="values">The request.</param>
    /// <param name="missing">Stands where an operator has nothing to say: a dash in access logs, nothing in headers.</param>
    public string Render(IFormatValues values, string missing)
    {
        if (LiteralValue is not null)
            return LiteralValue;
        if (_segments.Length == 1)
            return FormatRenderer.Text(_segments[0], values) ?? missing;

        var text = new StringBuilder();
        foreach (var segment in _segments)
            text.Append(segment.Literal ?? FormatRenderer.Text(segment, values) ?? missing);
        return text.ToString();
    }
}
