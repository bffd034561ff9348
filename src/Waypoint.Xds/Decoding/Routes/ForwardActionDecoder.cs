using Google.Protobuf.Collections;
using Waypoint.Model.Routes;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.Path.Rewrite.UriTemplate.V3;
using Waypoint.Xds.Decoding.Clusters;
using Waypoint.Xds.Decoding.Matching;
using NotFoundCode = Waypoint.Protos.Envoy.Config.Route.V3.RouteAction.Types.ClusterNotFoundResponseCode;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3.RouteAction;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>envoy.config.route.v3.RouteAction</c>; its retry policy is the route's.</summary>
internal sealed class ForwardActionDecoder(RouteDecoder route)
{
    private readonly RouteDecoding _decoding = route.Decoding;
    private readonly DecodeContext _context = route.Decoding.Context;

    internal RouteAction Decode(Proto message, DecodedCondition condition)
    {
        CheckUnsupported(message);
        if (new ClusterSelectorDecoder(route).Decode(message, out var unroutable) is not { } clusters)
            return unroutable ?? new UnroutableAction("no cluster");
        return new ForwardAction
        {
            Clusters = clusters,
            ClusterNotFoundStatus = DecodeNotFoundStatus(message.ClusterNotFoundResponseCode),
            PathRewrite = DecodePathRewrite(message, condition),
            HostRewrite = DecodeHostRewrite(message),
            AppendForwardedHost = message.AppendXForwardedHost,
            Timeout = DurationDecoder.Decode(message.Timeout, "timeout", _context),
            MaxGrpcTimeout = DurationDecoder.Decode(message.MaxGrpcTimeout, "max_grpc_timeout", _context),
            GrpcTimeoutOffset = DurationDecoder.Decode(message.GrpcTimeoutOffset, "grpc_timeout_offset", _context),
            IdleTimeout = DurationDecoder.Decode(message.IdleTimeout, "idle_timeout", _context),
            MaxStreamDuration = DecodeStreamDuration(message.MaxStreamDuration),
            SubsetLabels = SubsetDecoder.Labels(message.MetadataMatch),
            HashPolicies = HashPolicyDecoder.DecodeAll(message.HashPolicy, _context),
            Mirrors = MirrorPolicyDecoder.Decode(message.RequestMirrorPolicies, route.Inherited.Mirrors, _decoding),
            Upgrades = DecodeUpgrades(message.UpgradeConfigs),
            HighPriority = message.Priority == RoutingPriority.High,
        };
    }

    private void CheckUnsupported(Proto message)
    {
        if (message.Cors is not null)
            _decoding.Support.Require(RouteFeature.CorsWithoutFilter, "cors", _context);
        if (message.HedgePolicy is not null)
            _decoding.Support.Require(RouteFeature.Hedging, "hedge_policy", _context);
        if (message.RetryPolicyTypedConfig is not null)
            _context.Refuse("retry_policy_typed_config", "is not supported", accepted: "retry_policy");
        if (message.RateLimits.Count > 0)
            _context.Ignore("rate_limits", "no rate limit filter reads them");
        if (message.EarlyDataPolicy is not null)
            _context.Ignore("early_data_policy", "TLS early data is never accepted");
        if (message.InternalRedirectPolicy is { } redirects)
        {
            _decoding.Support.Require(RouteFeature.InternalRedirects, "internal_redirect_policy", _context);
            for (var i = 0; i < redirects.ResponseHeadersToCopy.Count; i++)
                CheckCopiedHeader(redirects.ResponseHeadersToCopy[i], $"internal_redirect_policy.response_headers_to_copy[{i}]");
        }

        if (message.InternalRedirectAction == Proto.Types.InternalRedirectAction.HandleInternalRedirect)
            _decoding.Support.Require(RouteFeature.InternalRedirects, "internal_redirect_action", _context);
    }

    private void CheckCopiedHeader(string value, string name)
    {
        if (HeaderNameDecoder.Decode(value, name, _context) is var header && (header.StartsWith(':') || header == "host"))
            _context.Refuse(name, "must not be copied", $"'{value}'");
    }

    private int DecodeNotFoundStatus(NotFoundCode code)
    {
        switch (code)
        {
            case NotFoundCode.ServiceUnavailable:
                return 503;
            case NotFoundCode.NotFound:
                return 404;
            case NotFoundCode.InternalServerError:
                return 500;
            default:
                _context.RefuseValue("cluster_not_found_response_code", code.ToString(), "0-2");
                return 503;
        }
    }

    private PathRewrite? DecodePathRewrite(Proto message, DecodedCondition condition)
    {
        var forms = (message.PrefixRewrite.Length > 0 ? 1 : 0) + (message.RegexRewrite is null ? 0 : 1) + (message.PathRewritePolicy is null ? 0 : 1);
        if (forms > 1)
            _context.Refuse("prefix_rewrite", "only one of prefix_rewrite, regex_rewrite and path_rewrite_policy can be set");
        if (message.PrefixRewrite.Length > 0)
        {
            TextFields.CheckHeaderValue(message.PrefixRewrite, "prefix_rewrite", _context);
            return new PrefixPathRewrite(condition.Condition.Path.MatchedLength, message.PrefixRewrite);
        }

        if (message.RegexRewrite is not null)
            return StringMatcherDecoder.DecodeSubstitution(message.RegexRewrite, "regex_rewrite", _context) is { } substitution ? new RegexPathRewrite(substitution) : null;
        return message.PathRewritePolicy is null ? null : DecodeTemplateRewrite(message.PathRewritePolicy, condition);
    }

    private TemplatePathRewrite? DecodeTemplateRewrite(TypedExtensionConfig policy, DecodedCondition condition)
    {
        const string Name = "path_rewrite_policy.typed_config";
        if (!_context.TryRead(policy.TypedConfig, Name, out UriTemplateRewriteConfig? config))
            return null;
        if (condition.Template is null)
        {
            _context.Refuse("path_rewrite_policy", "needs a URI template as the route's path_match_policy");
            return null;
        }

        if (!TemplatePathRewrite.TryParse(config.PathTemplateRewrite, condition.Template, out var rewrite, out var problem))
            _context.Refuse($"{Name}.path_template_rewrite", problem, config.PathTemplateRewrite);
        return rewrite;
    }

    private HostRewrite? DecodeHostRewrite(Proto message)
    {
        switch (message.HostRewriteSpecifierCase)
        {
            case Proto.HostRewriteSpecifierOneofCase.HostRewriteLiteral when message.HostRewriteLiteral.Length > 0:
                TextFields.CheckHeaderValue(message.HostRewriteLiteral, "host_rewrite_literal", _context);
                return HostRewrite.Literal(message.HostRewriteLiteral);
            case Proto.HostRewriteSpecifierOneofCase.AutoHostRewrite:
                if (message.AutoHostRewrite != true)
                    return null;
                _decoding.Support.Require(RouteFeature.EndpointHostRewrite, "auto_host_rewrite", _context);
                return HostRewrite.FromEndpoint;
            case Proto.HostRewriteSpecifierOneofCase.HostRewriteHeader when message.HostRewriteHeader.Length > 0:
                return HostRewrite.FromHeader(HeaderNameDecoder.Decode(message.HostRewriteHeader, "host_rewrite_header", _context));
            case Proto.HostRewriteSpecifierOneofCase.HostRewritePathRegex:
                return StringMatcherDecoder.DecodeSubstitution(message.HostRewritePathRegex, "host_rewrite_path_regex", _context) is { } substitution
                    ? HostRewrite.FromPath(substitution)
                    : null;
            default:
                return null;
        }
    }

    private StreamDurationLimits? DecodeStreamDuration(Proto.Types.MaxStreamDuration? message)
    {
        if (message is null)
            return null;
        using var scope = _context.Field("max_stream_duration");
        return new StreamDurationLimits(
            DurationDecoder.Decode(message.MaxStreamDuration_, "max_stream_duration", _context),
            DurationDecoder.Decode(message.GrpcTimeoutHeaderMax, "grpc_timeout_header_max", _context),
            DurationDecoder.Decode(message.GrpcTimeoutHeaderOffset, "grpc_timeout_header_offset", _context));
    }

    private UpgradeConfig[] DecodeUpgrades(RepeatedField<Proto.Types.UpgradeConfig> messages)
    {
        if (messages.Count == 0)
            return [];
        _decoding.Support.Require(RouteFeature.UpgradesPerRoute, "upgrade_configs", _context);
        var types = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var result = new UpgradeConfig[messages.Count];
        for (var i = 0; i < result.Length; i++)
        {
            using var scope = _context.Field("upgrade_configs", i);
            var message = messages[i];
            if (message.UpgradeType.Length == 0)
                _context.Refuse("upgrade_type", "is required");
            else if (!types.Add(message.UpgradeType))
                _context.Refuse("upgrade_type", "occurs twice", $"'{message.UpgradeType}'");
            if (message.ConnectConfig is not null)
                _decoding.Support.Require(RouteFeature.ConnectTermination, "connect_config", _context);
            // Compared with lower-case names.
#pragma warning disable CA1308
            result[i] = new UpgradeConfig(message.UpgradeType.ToLowerInvariant(), message.Enabled ?? true);
#pragma warning restore CA1308
        }

        return result;
    }
}
