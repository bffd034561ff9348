using Waypoint.Model.FilterChains;
using Waypoint.Model.Routes;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>envoy.config.route.v3.RouteConfiguration</c>, inline or from RDS.</summary>
public static class RouteConfigurationDecoder
{
    /// <summary>Decodes a table and collects every problem in <paramref name="context"/>; after a problem the result must not be used.</summary>
    /// <param name="message">The table.</param>
    /// <param name="context">Where problems go. Those of a route name route, virtual host and table as their subject.</param>
    /// <param name="support">What the data path executes; default <see cref="RouteFeatureSupport.Proxy"/>.</param>
    /// <param name="knownClusters">Refuses routes to other clusters; default null: istiod names clusters that do not exist, and they get an answer of their own. <c>validate_clusters: false</c> in the table comes first.</param>
    public static RouteTable Decode(Proto.RouteConfiguration message, DecodeContext context, RouteFeatureSupport? support = null, IReadOnlySet<string>? knownClusters = null)
    {
        var decoding = new RouteDecoding(context, support ?? RouteFeatureSupport.Proxy, message.ValidateClusters == false ? null : knownClusters)
        {
            MaxDirectResponseBytes = message.MaxDirectResponseBodySizeBytes ?? 4096,
        };
        using var scope = context.Within(new DecodeSubject("Route table '{0}'", message.Name));
        if (message.Vhds is not null)
            context.Refuse("vhds", "virtual host discovery is not implemented");
        if (message.InternalOnlyHeaders.Count > 0)
            decoding.Support.Require(RouteFeature.InternalOnlyHeaders, "internal_only_headers", context);
        CheckPlugins(message, context);

        var defaults = new InheritedRouteSettings
        {
            FilterConfigs = RouteFilterConfigDecoder.Decode(message.TypedPerFilterConfig, HttpFilterRouteConfig.NoConfigs, decoding),
            Mirrors = MirrorPolicyDecoder.Decode(message.RequestMirrorPolicies, [], decoding),
        };
        return new RouteTable
        {
            Name = SharedText.Of(message.Name),
            VirtualHosts = DecodeVirtualHosts(message, defaults, decoding),
            RequestHeaders = HeaderEditsDecoder.DecodeRequest(message.RequestHeadersToAdd, message.RequestHeadersToRemove, context),
            ResponseHeaders = HeaderEditsDecoder.DecodeResponse(message.ResponseHeadersToAdd, message.ResponseHeadersToRemove, context),
            MostSpecificHeaderEditsWin = message.MostSpecificHeaderMutationsWins,
            IgnorePortInHost = message.IgnorePortInHostMatching,
            IgnorePathParameters = message.IgnorePathParametersInPathMatching,
        };
    }

    private static VirtualHost[] DecodeVirtualHosts(Proto.RouteConfiguration message, InheritedRouteSettings defaults, RouteDecoding decoding)
    {
        var domains = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var result = new VirtualHost[message.VirtualHosts.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var virtualHost = message.VirtualHosts[i];
            using var scope = decoding.Context.Within(new DecodeSubject("Virtual host '{0}' of route table '{1}'", virtualHost.Name, message.Name));
            if (virtualHost.Name.Length == 0)
                decoding.Context.Refuse("name", "is required");
            else if (!names.Add(virtualHost.Name))
                decoding.Context.Refuse("name", "is used twice");
            foreach (var domain in virtualHost.Domains)
            {
                if (!domains.Add(domain))
                    decoding.Context.Refuse("domains", "occurs twice in the table", domain);
            }

            result[i] = VirtualHostDecoder.Decode(virtualHost, message.Name, defaults, decoding);
        }

        return result;
    }

    /// <summary>No plugin is known: an optional one is left to the routes that name it, any other refuses the table.</summary>
    private static void CheckPlugins(Proto.RouteConfiguration message, DecodeContext context)
    {
        for (var i = 0; i < message.ClusterSpecifierPlugins.Count; i++)
        {
            using var scope = context.Field("cluster_specifier_plugins", i);
            if (!message.ClusterSpecifierPlugins[i].IsOptional)
                context.Refuse("extension", "is not supported", message.ClusterSpecifierPlugins[i].Extension?.Name);
        }
    }
}
