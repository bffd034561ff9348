using Waypoint.Model.Formatting;

namespace Waypoint.Model.AccessLogs;

/// <summary>A line of an access log as it is configured (<c>envoy.extensions.access_loggers.file.v3.FileAccessLog.log_format</c>): text, or a JSON object. Immutable.</summary>
public sealed class AccessLogFormat
{
    private const string Missing = "-";

    private readonly FormatString? _text;
    private readonly StructuredFormat? _object;

    private AccessLogFormat(FormatString? text, StructuredFormat? structured)
    {
        _text = text;
        _object = structured;
    }

    /// <summary><c>text_format</c>; operators that have nothing to say print as a dash.</summary>
    public static AccessLogFormat OfText(FormatString text) => new(text, null);

    /// <summary><c>json_format</c>; operators that have nothing to say are null.</summary>
    public static AccessLogFormat OfObject(StructuredFormat structured) => new(null, structured);

    /// <summary>The record of one request, with a line break at its end.</summary>
    public string Render(IFormatValues values)
    {
        string line = _text?.Render(values, Missing) ?? _object!.Render(values, Missing);
        return line.EndsWith('\n') ? line : line + "\n";
    }
}
