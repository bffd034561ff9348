using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>Fields of the connection manager that nobody reads. Those that change who a client is, which host or path is seen, or where a request goes refuse the chain;
/// the others are listed.</summary>
internal static class HttpConnectionRestrictions
{
    private const string NotImplemented = "it is not implemented";

    public static void Check(HttpConnectionManager message, DecodeContext context)
    {
        RefuseWhatDecides(message, context);
        ListIgnored(message, context);
    }

    private static void RefuseWhatDecides(HttpConnectionManager message, DecodeContext context)
    {
        Refuse(message.OriginalIpDetectionExtensions.Count > 0, "original_ip_detection_extensions", "set", "absent", context);
        Refuse(message.EarlyHeaderMutationExtensions.Count > 0, "early_header_mutation_extensions", "set", "absent", context);
        Refuse(message.PathNormalizationOptions is not null, "path_normalization_options", "set", "absent; normalize_path and merge_slashes decide", context);
        Refuse(message.TypedHeaderValidationConfig is not null, "typed_header_validation_config", "set", "absent", context);
    }

    private static void ListIgnored(HttpConnectionManager message, DecodeContext context)
    {
        Ignore(message.CodecType != HttpConnectionManager.Types.CodecType.Auto, "codec_type", "HTTP/1.1 and HTTP/2 are both served", context);
        Ignore(message.Tracing is not null, "tracing", NotImplemented, context);
        Ignore(message.LocalReplyConfig is not null, "local_reply_config", NotImplemented, context);
        Ignore(message.SchemeHeaderTransformation is not null, "scheme_header_transformation", NotImplemented, context);
        Ignore(message.AddUserAgent ?? false, "add_user_agent", NotImplemented, context);
        Ignore(message.DrainTimeout is not null, "drain_timeout", NotImplemented, context);
        Ignore(message.DelayedCloseTimeout is not null, "delayed_close_timeout", NotImplemented, context);
        Ignore(message.ProxyStatusConfig is not null, "proxy_status_config", NotImplemented, context);
    }

    private static void Refuse(bool when, string field, string value, string accepted, DecodeContext context)
    {
        if (when)
            context.RefuseValue(field, value, accepted);
    }

    private static void Ignore(bool when, string field, string reason, DecodeContext context)
    {
        if (when)
            context.Ignore(field, reason);
    }
}
