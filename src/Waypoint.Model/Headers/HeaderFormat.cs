using System.Diagnostics.CodeAnalysis;
using Waypoint.Model.Formatting;

namespace Waypoint.Model.Headers;

/// <summary>The value of a header that is set by configuration: a <see cref="FormatString"/> whose operators leave nothing where they have nothing to say. Immutable.</summary>
public sealed class HeaderFormat
{
    private readonly FormatString _format;

    private HeaderFormat(FormatString format) => _format = format;

    /// <summary>The text it was parsed from.</summary>
    public string Source => _format.Source;

    /// <summary>The value if it holds no operator; otherwise null.</summary>
    public string? LiteralValue => _format.LiteralValue;

    /// <summary>Names of the operators that are understood, for messages.</summary>
    public static string SupportedOperators => FormatString.SupportedOperators;

    /// <summary>A value without operators; percent signs are ordinary characters.</summary>
    public static HeaderFormat Literal(string value) => new(FormatString.Literal(value));

    /// <summary>Reads a value with operators, or says in <paramref name="problem"/> why it is none; an operator that is not understood is a problem.</summary>
    public static bool TryParse(string source, [NotNullWhen(true)] out HeaderFormat? format, [NotNullWhen(false)] out string? problem)
    {
        format = FormatString.TryParse(source, headerForms: true, out var parsed, out problem) ? new HeaderFormat(parsed) : null;
        return format is not null;
    }

    /// <summary>The value for one request. An operator that has nothing to say leaves nothing, unlike the dash of an access log.</summary>
    public string Render(IFormatValues values) => _format.Render(values, missing: "");
}
