using System.Globalization;
using System.Text.Json;
using Waypoint.Model.Headers;
using Waypoint.Model.Matching;

namespace Waypoint.Model.AccessLogs;

/// <summary>A value in a JSON access log: an object, a list, a text with operators, or a constant. A closed set; immutable.</summary>
public abstract class AccessLogNode
{
    private AccessLogNode()
    {
    }

    /// <summary>Writes the value for one request.</summary>
    public abstract void WriteTo(Utf8JsonWriter writer, IFormatValues values);

    /// <summary>Named values, written in this order.</summary>
    public sealed class Object(IReadOnlyList<KeyValuePair<string, AccessLogNode>> fields) : AccessLogNode
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter writer, IFormatValues values)
        {
            writer.WriteStartObject();
            foreach ((string name, AccessLogNode value) in fields)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer, values);
            }

            writer.WriteEndObject();
        }
    }

    /// <summary>Values in a row.</summary>
    public sealed class List(IReadOnlyList<AccessLogNode> items) : AccessLogNode
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter writer, IFormatValues values)
        {
            writer.WriteStartArray();
            foreach (AccessLogNode item in items)
                item.WriteTo(writer, values);
            writer.WriteEndArray();
        }
    }

    /// <summary>What is no text: a number, a boolean or null.</summary>
    public sealed class Constant(MetadataValue value) : AccessLogNode
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter writer, IFormatValues values) => value.WriteTo(writer);
    }

    /// <summary>A text with operators. One operator alone keeps its kind: a status code is a number, and what is not there is null.</summary>
    public sealed class Text(HeaderFormat format) : AccessLogNode
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter writer, IFormatValues values)
        {
            if (format.SoleOperator is not { } field)
            {
                writer.WriteStringValue(format.Render(values, missing: "-"));
                return;
            }

            string? value = format.RenderOrNull(values);
            if (value is null)
                writer.WriteNullValue();
            else if (IsNumber(field) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                writer.WriteNumberValue(number);
            else
                writer.WriteStringValue(value);
        }

        private static bool IsNumber(FormatField field) => field is FormatField.ResponseCode or FormatField.DownstreamRemotePort or FormatField.DownstreamLocalPort;
    }
}
