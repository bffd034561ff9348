using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.AccessLogs;
using Waypoint.Model.Formatting;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Accesslog.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.AccessLoggers.File.V3;
using Waypoint.Xds.Decoding.Matching;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>Reads the format of a chain's access log. A log decides nothing: what is not understood in one is listed, and Istio's default line is written instead.</summary>
internal static class AccessLogFormatDecoder
{
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
        catch (InvalidProtocolBufferException)
        {
            return null;
        }

        string? problem = null;
        AccessLogFormat? format = file.LogFormat?.FormatCase switch
        {
            SubstitutionFormatString.FormatOneofCase.JsonFormat => Structured(file.LogFormat.JsonFormat, ref problem),
            SubstitutionFormatString.FormatOneofCase.TextFormatSource => Text(file.LogFormat.TextFormatSource.InlineString, ref problem),
            SubstitutionFormatString.FormatOneofCase.TextFormat => Text(file.LogFormat.TextFormat, ref problem),
            _ => null,
        };
        if (problem is not null)
            context.Ignore("access_log", $"Istio's default line is written: {problem}");
        return format;
    }

    private static AccessLogFormat? Structured(Struct template, ref string? problem) =>
        StructuredFormat.TryParse(MetadataMatcherDecoder.ToModel(template), out StructuredFormat? format, out problem) ? AccessLogFormat.OfObject(format) : null;

    private static AccessLogFormat? Text(string source, ref string? problem) =>
        FormatString.TryParse(source, headerForms: false, out FormatString? format, out problem) ? AccessLogFormat.OfText(format) : null;
}
