using Google.Protobuf.Collections;
using Waypoint.Model.Routes;
using Waypoint.Xds.Decoding.Matching;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>envoy.config.route.v3.VirtualHost</c>.</summary>
internal static class VirtualHostDecoder
{
    private static readonly SharedParts<RepeatedField<string>, IReadOnlyList<string>> SharedDomains = new();

    internal static VirtualHost Decode(Proto.VirtualHost message, string table, InheritedRouteSettings above, RouteDecoding decoding)
    {
        var context = decoding.Context;
        CheckDomains(message.Domains, context);
        if (message.Matcher is not null && message.Routes.Count > 0)
            context.Refuse("matcher", "cannot stand beside routes");
        if (message.Cors is not null)
            decoding.Support.Require(RouteFeature.CorsWithoutFilter, "cors", context);
        if (message.HedgePolicy is not null)
            decoding.Support.Require(RouteFeature.Hedging, "hedge_policy", context);
        if (message.RetryPolicyTypedConfig is not null)
            context.Refuse("retry_policy_typed_config", "is not supported", accepted: "retry_policy");
        // Descriptors are read by the rate limit filter, which is refused as long as there is none.
        if (message.RateLimits.Count > 0)
            context.Ignore("rate_limits", "no rate limit filter reads them");

        var inherited = new InheritedRouteSettings
        {
            FilterConfigs = RouteFilterConfigDecoder.Decode(message.TypedPerFilterConfig, above.FilterConfigs, decoding),
            Mirrors = MirrorPolicyDecoder.Decode(message.RequestMirrorPolicies, above.Mirrors, decoding),
            RetryPolicy = message.RetryPolicy is null ? null : RetryPolicyDecoder.Decode(message.RetryPolicy, "retry_policy", context),
            BodyBufferLimit = message.RequestBodyBufferLimit ?? message.PerRequestBufferLimitBytes,
        };
        var routes = new RouteDecoder(message.Name, table, inherited, decoding);
        return new VirtualHost
        {
            Name = SharedText.Of(message.Name),
            Domains = SharedDomains.Get(message.Domains, context, static (domains, _) => [.. domains]),
            Routes = routes.DecodeAll(message.Routes),
            Tree = message.Matcher is null ? null : new RouteTreeDecoder(routes, context).Decode(message.Matcher, "matcher"),
            RequireTls = (TlsRequirement)message.RequireTls,
            RequestHeaders = HeaderEditsDecoder.DecodeRequest(message.RequestHeadersToAdd, message.RequestHeadersToRemove, context),
            ResponseHeaders = HeaderEditsDecoder.DecodeResponse(message.ResponseHeadersToAdd, message.ResponseHeadersToRemove, context),
            VirtualClusters = DecodeVirtualClusters(message.VirtualClusters, context),
            AttemptCountInRequest = message.IncludeRequestAttemptCount,
            AttemptCountInResponse = message.IncludeAttemptCountInResponse,
            TimeoutRetryHeader = message.IncludeIsTimeoutRetryHeader,
        };
    }

    private static void CheckDomains(RepeatedField<string> domains, DecodeContext context)
    {
        if (domains.Count == 0)
            context.Refuse("domains", "is required");
        for (var i = 0; i < domains.Count; i++)
        {
            if (TextFields.BreaksHeader(domains[i]))
                TextFields.CheckHeaderValue(domains[i], $"domains[{i}]", context);
            if (domains[i].AsSpan().IndexOf('*') is > 0 and var star && star < domains[i].Length - 1)
                context.Refuse($"domains[{i}]", "has a star in the middle", domains[i], "a star at the beginning or the end");
        }
    }

    private static VirtualCluster[] DecodeVirtualClusters(RepeatedField<Proto.VirtualCluster> messages, DecodeContext context)
    {
        if (messages.Count == 0)
            return [];
        var result = new VirtualCluster[messages.Count];
        for (var i = 0; i < result.Length; i++)
        {
            using var scope = context.Field("virtual_clusters", i);
            if (messages[i].Name.Length == 0)
                context.Refuse("name", "is required");
            if (messages[i].Headers.Count == 0)
                context.Refuse("headers", "is required");
            result[i] = new VirtualCluster(messages[i].Name, HeaderMatcherDecoder.DecodeAll(messages[i].Headers, "headers", context));
        }

        return result;
    }
}
