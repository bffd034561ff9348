using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Matching;

/// <summary>Dynamic metadata as text, for format strings (<c>%DYNAMIC_METADATA(filter:key:key)%</c>).</summary>
public static class MetadataText
{
    // Texts go into headers and logs, not into web pages.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value at <paramref name="path"/>: the filter's name, then keys, between colons. Null if there is none.</summary>
    public static string? Render(IMetadataView? metadata, string path)
    {
        if (metadata is null)
            return null;
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        var value = metadata.Get(colon < 0 ? path : path[..colon]);
        var rest = colon < 0 ? default : path.AsSpan(colon + 1);
        foreach (var key in rest.Split(':'))
        {
            if (colon < 0)
                break;
            value = value?.Field(rest[key]);
        }

        return value is null ? null : Render(value);
    }

    /// <summary>Text as it is, anything else as JSON in one line.</summary>
    public static string Render(MetadataValue value)
    {
        return value.Kind == MetadataKind.Text ? value.Text : Json(value);
    }

    /// <summary>JSON in one line, also of text.</summary>
    public static string Json(MetadataValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            value.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
