using Google.Protobuf.Collections;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Headers;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Xds.Decoding.Matching;
using Waypoint.Xds.Decoding.Routes;
using AuthorizationResponse = Waypoint.Protos.Envoy.Extensions.Filters.Http.ExtAuthz.V3.AuthorizationResponse;
using HttpService = Waypoint.Protos.Envoy.Extensions.Filters.Http.ExtAuthz.V3.HttpService;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads how an authorization service is reached. Always returns something, or null after a problem that leaves nothing to return.</summary>
internal static class AuthorizerServiceDecoder
{
    private const int DefaultAnswerBytes = 4 * 1024 * 1024;

    /// <summary>Reads field <c>grpc_service</c> of the current message.</summary>
    public static GrpcAuthorizerService? DecodeGrpc(GrpcService message, DecodeContext context)
    {
        using DecodeScope scope = context.Field("grpc_service");
        if (message.EnvoyGrpc is not { } target)
        {
            context.RefuseValue("target_specifier", message.TargetSpecifierCase.ToString(), "envoy_grpc");
            return null;
        }

        if (target.ClusterName.Length == 0)
            context.Refuse("envoy_grpc.cluster_name", "is required");
        if (message.RetryPolicy is not null || target.RetryPolicy is not null)
            context.Ignore("retry_policy", "a check is not tried again; failure_mode_allow decides");
        if (target.SkipEnvoyHeaders)
            context.Ignore("envoy_grpc.skip_envoy_headers", "none are sent");
        return new GrpcAuthorizerService(
            target.ClusterName,
            target.Authority.Length > 0 ? target.Authority : target.ClusterName,
            DurationDecoder.Decode(message.Timeout, "timeout", context) ?? GrpcAuthorizerService.DefaultTimeout,
            Headers(message.InitialMetadata, "initial_metadata", context),
            (int)Math.Min(target.MaxReceiveMessageLength ?? DefaultAnswerBytes, int.MaxValue));
    }

    /// <summary>Reads field <c>http_service</c> of the current message.</summary>
    public static HttpAuthorizerService DecodeHttp(HttpService message, DecodeContext context)
    {
        using DecodeScope scope = context.Field("http_service");
        if (string.IsNullOrEmpty(message.ServerUri?.Cluster))
            context.Refuse("server_uri.cluster", "is required");
        if (message.ServerUri?.Timeout is null)
            context.Refuse("server_uri.timeout", "is required");
        if (message.PathPrefix.Length > 0 && message.PathPrefix[0] != '/')
            context.RefuseValue("path_prefix", $"'{message.PathPrefix}'", "a path that begins with a slash");
        AuthorizationResponse? response = message.AuthorizationResponse;
        const string field = "authorization_response.";
        return new HttpAuthorizerService(
            message.ServerUri?.Cluster ?? "",
            DurationDecoder.Decode(message.ServerUri?.Timeout, "server_uri.timeout", context) ?? TimeSpan.Zero,
            Headers(message.AuthorizationRequest?.HeadersToAdd ?? [], "authorization_request.headers_to_add", context),
            message.PathPrefix)
        {
            UpstreamHeaders = StringMatcherListDecoder.Decode(response?.AllowedUpstreamHeaders, field + "allowed_upstream_headers", context),
            UpstreamHeadersToAppend = StringMatcherListDecoder.Decode(response?.AllowedUpstreamHeadersToAppend, field + "allowed_upstream_headers_to_append", context),
            ClientHeaders = StringMatcherListDecoder.Decode(response?.AllowedClientHeaders, field + "allowed_client_headers", context),
            ClientHeadersOnSuccess = StringMatcherListDecoder.Decode(response?.AllowedClientHeadersOnSuccess, field + "allowed_client_headers_on_success", context),
            MetadataHeaders = StringMatcherListDecoder.Decode(response?.DynamicMetadataFromHeaders, field + "dynamic_metadata_from_headers", context),
        };
    }

    /// <summary>Checks field <c>transport_api_version</c> of the current message.</summary>
    public static void CheckVersion(ApiVersion version, DecodeContext context)
    {
        if (version != ApiVersion.V3)
            context.RefuseValue("transport_api_version", version.ToString(), "V3");
    }

    private static KeyValuePair<string, HeaderFormat>[] Headers(RepeatedField<HeaderValue> sent, string field, DecodeContext context)
    {
        var headers = new KeyValuePair<string, HeaderFormat>[sent.Count];
        for (int i = 0; i < headers.Length; i++)
        {
            using DecodeScope scope = context.Field(field, i);
            string value = sent[i].RawValue.IsEmpty ? sent[i].Value : sent[i].RawValue.ToStringUtf8();
            TextFields.CheckHeaderValue(value, "value", context);
            if (!HeaderFormat.TryParse(value, out HeaderFormat? format, out string? problem))
            {
                context.Refuse("value", problem, value, $"%% and the operators {HeaderFormat.SupportedOperators}");
                format = HeaderFormat.Literal("");
            }

            headers[i] = new(HeaderNameDecoder.Decode(sent[i].Key, "key", context), format);
        }

        return headers;
    }
}
