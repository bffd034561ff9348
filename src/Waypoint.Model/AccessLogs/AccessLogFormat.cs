using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Waypoint.Model.Headers;

namespace Waypoint.Model.AccessLogs;

/// <summary>A line of an access log as it is configured (<c>envoy.extensions.access_loggers.file.v3.FileAccessLog.log_format</c>): text, or a JSON object. Immutable.</summary>
public sealed class AccessLogFormat
{
    // A log is no web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HeaderFormat? _text;
    private readonly AccessLogNode? _object;

    private AccessLogFormat(HeaderFormat? text, AccessLogNode? fields)
    {
        _text = text;
        _object = fields;
    }

    /// <summary><c>text_format</c>; operators that have nothing to say print as a dash.</summary>
    public static AccessLogFormat OfText(HeaderFormat text) => new(text, null);

    /// <summary><c>json_format</c>; operators that have nothing to say are null.</summary>
    public static AccessLogFormat OfObject(AccessLogNode.Object fields) => new(null, fields);

    /// <summary>The record of one request, with a line break at its end.</summary>
    public string Render(IFormatValues values)
    {
        if (_text is not null)
        {
            string line = _text.Render(values, missing: "-");
            return line.EndsWith('\n') ? line : line + "\n";
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            _object!.WriteTo(writer, values);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
