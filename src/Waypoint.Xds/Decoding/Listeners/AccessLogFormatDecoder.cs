using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.AccessLogs;
using Waypoint.Model.Headers;
using Waypoint.Model.Matching;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Accesslog.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.AccessLoggers.File.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>Reads the format of a chain's access log. A log decides nothing: what is not understood in one is listed, and Istio's default line is written instead.</summary>
internal static class AccessLogFormatDecoder
{
    private const int MaxDepth = 8;

    /// <summary>The format of the only logger, if that writes a file, has no filter and a format that is understood; else null.</summary>
    public static AccessLogFormat? Decode(RepeatedField<AccessLog> loggers, DecodeContext context)
    {
        if (loggers.Count != 1 || loggers[0].Filter is not null || loggers[0].TypedConfig is not { } config || TypedConfig.NameOf(config) != ProtoName.Of<FileAccessLog>())
            return null;
        FileAccessLog file;
        try
        {
            file = FileAccessLog.Parser.ParseFrom(config.Value);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return null;
        }

        string? problem = null;
        AccessLogFormat? format = file.LogFormat switch
        {
            { FormatCase: SubstitutionFormatString.FormatOneofCase.JsonFormat } log => AccessLogFormat.OfObject(Object(log.JsonFormat, MaxDepth, ref problem)),
            { FormatCase: SubstitutionFormatString.FormatOneofCase.TextFormatSource } log => Text(log.TextFormatSource.InlineString, ref problem) is { } text ? AccessLogFormat.OfText(text) : null,
            { FormatCase: SubstitutionFormatString.FormatOneofCase.TextFormat } log => Text(log.TextFormat, ref problem) is { } text ? AccessLogFormat.OfText(text) : null,
            _ => null,
        };
        if (problem is null)
            return format;
        context.Ignore("access_log", $"Istio's default line is written: {problem}");
        return null;
    }

    private static AccessLogNode.Object Object(Struct message, int depth, ref string? problem)
    {
        var fields = new List<KeyValuePair<string, AccessLogNode>>(message.Fields.Count);
        foreach (string name in message.Fields.Keys.Order(StringComparer.Ordinal))
            fields.Add(new(name, Node(message.Fields[name], depth - 1, ref problem)));
        return new AccessLogNode.Object(fields);
    }

    private static AccessLogNode Node(Value value, int depth, ref string? problem)
    {
        if (depth <= 0)
            problem ??= $"json_format is nested deeper than {MaxDepth}";
        else if (value.KindCase == Value.KindOneofCase.StructValue)
            return Object(value.StructValue, depth, ref problem);
        else if (value.KindCase == Value.KindOneofCase.ListValue)
            return List(value.ListValue, depth, ref problem);
        else if (value.KindCase == Value.KindOneofCase.StringValue)
            return Text(value.StringValue, ref problem) is { } text ? new AccessLogNode.Text(text) : new AccessLogNode.Constant(MetadataValue.Null);
        return new AccessLogNode.Constant(value.KindCase switch
        {
            Value.KindOneofCase.BoolValue => MetadataValue.Of(value.BoolValue),
            Value.KindOneofCase.NumberValue => MetadataValue.Of(value.NumberValue),
            _ => MetadataValue.Null,
        });
    }

    private static AccessLogNode.List List(ListValue message, int depth, ref string? problem)
    {
        var items = new List<AccessLogNode>(message.Values.Count);
        foreach (Value item in message.Values)
            items.Add(Node(item, depth - 1, ref problem));
        return new AccessLogNode.List(items);
    }

    private static HeaderFormat? Text(string source, ref string? problem)
    {
        if (HeaderFormat.TryParse(source, out HeaderFormat? format, out string? why))
            return format;
        problem ??= why;
        return null;
    }
}
