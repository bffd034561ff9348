using Waypoint.Protos.Envoy.Config.Core.V3;

namespace Waypoint.Xds.Decoding;

/// <summary><c>Http1ProtocolOptions.header_key_format</c>.</summary>
internal static class HeaderCase
{
    private const string PreserveCase = "envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig";

    /// <summary>True when header names keep their case. Any other format is cosmetic and only listed.</summary>
    public static bool IsPreserved(Http1ProtocolOptions? options, DecodeContext context)
    {
        if (options?.HeaderKeyFormat is not { } format)
            return false;
        if (format.StatefulFormatter?.TypedConfig is { } any && TypedConfig.NameOf(any) == PreserveCase)
            return true;
        context.Ignore($"http_protocol_options.header_key_format {format.HeaderFormatCase}", "only preserve_case changes the case of header names");
        return false;
    }
}
