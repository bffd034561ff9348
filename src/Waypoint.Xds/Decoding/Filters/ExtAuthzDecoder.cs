using System.Collections.Frozen;
using System.Globalization;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Waypoint.Protos.Envoy.Type.V3;
using Waypoint.Xds.Decoding.Matching;
using Waypoint.Xds.Decoding.Routes;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads external authorization of requests. What would make a service decide on less than it was meant to see is refused.</summary>
internal static class ExtAuthzDecoder
{
    private const string TypedConfigField = "typed_config";
    private const int DefaultErrorStatus = 403;

    /// <summary>Reads <c>envoy.extensions.filters.http.ext_authz.v3.ExtAuthz</c>.</summary>
    /// <param name="name"><c>HttpFilter.name</c>.</param>
    /// <param name="config">Its <c>typed_config</c>.</param>
    /// <param name="context">Where problems go; its path stands at the filter.</param>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static ExtAuthzFilterConfig? DecodeHttp(string name, Any config, DecodeContext context)
    {
        if (!context.TryRead(config, TypedConfigField, out ExtAuthz? message))
            return null;
        using DecodeScope scope = context.Field(TypedConfigField);
        CheckRefused(message, context);
        AuthorizerService? service = message.ServicesCase switch
        {
            ExtAuthz.ServicesOneofCase.GrpcService => AuthorizerServiceDecoder.DecodeGrpc(message.GrpcService, context),
            ExtAuthz.ServicesOneofCase.HttpService => AuthorizerServiceDecoder.DecodeHttp(message.HttpService, context),
            _ => null,
        };
        if (message.ServicesCase == ExtAuthz.ServicesOneofCase.None)
            context.RefuseValue("services", "absent", "grpc_service or http_service");
        ExtAuthzFilterConfig? decoded = service is null ? null : Decode(name, message, service, context);
        context.Check(config.Value.Span, ProtoName.Of<ExtAuthz>());
        return decoded;
    }

    /// <summary>Reads <c>envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute</c>, a value of <c>typed_per_filter_config</c>.</summary>
    /// <param name="config">The value.</param>
    /// <param name="context">Where problems go; its path stands at the value.</param>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static ExtAuthzRouteConfig? DecodePerRoute(Any config, DecodeContext context)
    {
        if (!context.TryRead(config, "", out ExtAuthzPerRoute? message))
            return null;
        if (message is { OverrideCase: ExtAuthzPerRoute.OverrideOneofCase.Disabled, Disabled: false } or { OverrideCase: ExtAuthzPerRoute.OverrideOneofCase.None })
            context.RefuseValue("override", "absent or disabled: false", "disabled: true, or check_settings");
        ExtAuthzRouteConfig decoded = message.CheckSettings is { } settings ? Decode(settings, context) : new ExtAuthzRouteConfig(IsDisabled: message.Disabled);
        context.Check(config.Value.Span, ProtoName.Of<ExtAuthzPerRoute>());
        return decoded;
    }

    private static ExtAuthzFilterConfig Decode(string name, ExtAuthz message, AuthorizerService service, DecodeContext context) => new(name, service)
    {
        FailureModeAllow = message.FailureModeAllow,
        FailureModeAllowHeaderAdd = message.FailureModeAllowHeaderAdd,
        Body = Body(message.WithRequestBody, "with_request_body", context),
        ClearRouteCache = message.ClearRouteCache,
        StatusOnError = StatusOnError(message.StatusOnError, context),
        MetadataNamespaces = [.. message.MetadataContextNamespaces],
        RouteMetadataNamespaces = [.. message.RouteMetadataContextNamespaces],
        Enabled = FractionDecoder.Decode(message.FilterEnabled, "filter_enabled", context),
        EnabledMetadata = EnabledMetadata(message.FilterEnabledMetadata, context),
        DenyAtDisable = message.DenyAtDisable?.DefaultValue ?? false,
        AllowedHeaders = AllowedHeaders(message, context),
        DisallowedHeaders = message.DisallowedHeaders is null ? null : StringMatcherListDecoder.Decode(message.DisallowedHeaders, "disallowed_headers", context),
        RawHeaders = message.EncodeRawHeaders,
        MutationRules = message.DecoderHeaderMutationRules is null
            ? null
            : HeaderMutationRulesDecoder.Decode(message.DecoderHeaderMutationRules, "decoder_header_mutation_rules", context),
        TakesMetadata = message.EnableDynamicMetadataIngestion ?? true,
    };

    /// <summary>Reads <c>filter_enabled_metadata</c>, which the network filter has too; null if absent.</summary>
    public static Model.Matching.MetadataMatcher? EnabledMetadata(Protos.Envoy.Type.Matcher.V3.MetadataMatcher? message, DecodeContext context)
    {
        if (message is null)
            return null;
        using DecodeScope scope = context.Field("filter_enabled_metadata");
        return MetadataMatcherDecoder.Decode(message, context);
    }

    private static void CheckRefused(ExtAuthz message, DecodeContext context)
    {
        AuthorizerServiceDecoder.CheckVersion(message.TransportApiVersion, context);
        RefuseNamespaces(message.TypedMetadataContextNamespaces, "typed_metadata_context_namespaces", context);
        RefuseNamespaces(message.RouteTypedMetadataContextNamespaces, "route_typed_metadata_context_namespaces", context);
        if (message.BootstrapMetadataLabelsKey.Length > 0)
            context.RefuseValue("bootstrap_metadata_labels_key", $"'{message.BootstrapMetadataLabelsKey}'", "absent");
        // They name counters, or data for an access log.
        if (message.StatPrefix.Length > 0)
            context.Ignore("stat_prefix", "checks are not counted by filter");
        if (message.FilterMetadata is not null || message.EmitFilterStateStats)
            context.Ignore("filter_metadata", "checks leave nothing in the filter state");
    }

    private static void RefuseNamespaces(RepeatedField<string> namespaces, string field, DecodeContext context)
    {
        if (namespaces.Count > 0)
            context.RefuseValue(field, $"'{namespaces[0]}'", "absent; the untyped metadata_context_namespaces and route_metadata_context_namespaces are implemented");
    }

    private static Model.Matching.StringMatcherList? AllowedHeaders(ExtAuthz message, DecodeContext context)
    {
        if (message.HttpService?.AuthorizationRequest?.AllowedHeaders is not { } older)
            return message.AllowedHeaders is null ? null : StringMatcherListDecoder.Decode(message.AllowedHeaders, "allowed_headers", context);
        if (message.AllowedHeaders is not null)
            context.Refuse("allowed_headers", "cannot stand beside http_service.authorization_request.allowed_headers");
        return StringMatcherListDecoder.Decode(older, "http_service.authorization_request.allowed_headers", context);
    }

    private static CheckBodySettings? Body(BufferSettings? message, string field, DecodeContext context)
    {
        if (message is null)
            return null;
        if (message.MaxRequestBytes is 0 or > int.MaxValue)
            context.RefuseValue($"{field}.max_request_bytes", message.MaxRequestBytes.ToString(CultureInfo.InvariantCulture), $"1-{int.MaxValue}");
        return new CheckBodySettings((int)Math.Min(message.MaxRequestBytes, int.MaxValue), message.AllowPartialMessage, message.PackAsBytes);
    }

    private static int StatusOnError(HttpStatus? status, DecodeContext context)
    {
        int code = (int)(status?.Code ?? StatusCode.Empty);
        if (code == 0)
            return DefaultErrorStatus;
        if (code is >= 400 and <= 599)
            return code;
        // A success here would look like an answer of the service behind.
        context.RefuseValue("status_on_error.code", code.ToString(CultureInfo.InvariantCulture), "400-599");
        return DefaultErrorStatus;
    }

    private static ExtAuthzRouteConfig Decode(CheckSettings settings, DecodeContext context)
    {
        using DecodeScope scope = context.Field("check_settings");
        if (settings is { DisableRequestBodyBuffering: true, WithRequestBody: not null })
            context.Refuse("with_request_body", "cannot stand beside disable_request_body_buffering");
        return new ExtAuthzRouteConfig(IsDisabled: false)
        {
            ContextExtensions = settings.ContextExtensions.ToFrozenDictionary(StringComparer.Ordinal),
            WithoutBody = settings.DisableRequestBodyBuffering,
            Body = Body(settings.WithRequestBody, "with_request_body", context),
            Service = settings.ServiceOverrideCase switch
            {
                CheckSettings.ServiceOverrideOneofCase.GrpcService => AuthorizerServiceDecoder.DecodeGrpc(settings.GrpcService, context),
                CheckSettings.ServiceOverrideOneofCase.HttpService => AuthorizerServiceDecoder.DecodeHttp(settings.HttpService, context),
                _ => null,
            },
        };
    }
}
