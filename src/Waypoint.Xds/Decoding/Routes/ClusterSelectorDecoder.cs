using Waypoint.Model.Endpoints;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Routes;
using Waypoint.Xds.Decoding.Clusters;
using Waypoint.Xds.Decoding.Matching;
using Action = Waypoint.Protos.Envoy.Config.Route.V3.RouteAction;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3.WeightedCluster;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>RouteAction.cluster_specifier</c>.</summary>
internal sealed class ClusterSelectorDecoder(RouteDecoder route)
{
    private readonly RouteDecoding _decoding = route.Decoding;
    private readonly DecodeContext _context = route.Decoding.Context;

    /// <summary>Null if there is no cluster to select; then <paramref name="unroutable"/> says what the route does instead, unless there is a problem.</summary>
    internal ClusterSelector? Decode(Action message, out UnroutableAction? unroutable)
    {
        unroutable = null;
        switch (message.ClusterSpecifierCase)
        {
            case Action.ClusterSpecifierOneofCase.Cluster when message.Cluster.Length > 0:
                _decoding.CheckCluster(message.Cluster, "cluster");
                return ClusterSelector.Single(SharedText.Of(message.Cluster));
            case Action.ClusterSpecifierOneofCase.ClusterHeader:
                return ClusterSelector.FromHeader(HeaderNameDecoder.Decode(message.ClusterHeader, "cluster_header", _context));
            case Action.ClusterSpecifierOneofCase.WeightedClusters:
                using (_context.Field("weighted_clusters"))
                    return DecodeWeighted(message.WeightedClusters, SubsetDecoder.Labels(message.MetadataMatch));
            case Action.ClusterSpecifierOneofCase.InlineClusterSpecifierPlugin when message.InlineClusterSpecifierPlugin.IsOptional:
                unroutable = new UnroutableAction($"cluster specifier plugin '{message.InlineClusterSpecifierPlugin.Extension?.Name}' is not supported");
                _context.Ignore("inline_cluster_specifier_plugin", "no plugin is supported and it is marked as optional");
                return null;
            default:
                _context.Refuse("cluster_specifier", "is missing or of an unsupported kind", message.ClusterSpecifierCase.ToString(), "cluster, cluster_header or weighted_clusters");
                return null;
        }
    }

    private ClusterSelector? DecodeWeighted(Proto message, SubsetLabels ofRoute)
    {
        if (message.Clusters.Count == 0)
        {
            _context.Refuse("clusters", "is required");
            return null;
        }

        if (message.UseHashPolicy == true)
            _context.Refuse("use_hash_policy", "is not supported");
        var entries = new WeightedCluster[message.Clusters.Count];
        ulong total = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            using var scope = _context.Field("clusters", i);
            entries[i] = DecodeEntry(message.Clusters[i], message.RuntimeKeyPrefix, ofRoute);
            total += entries[i].Weight;
        }

        if (total is 0 or > uint.MaxValue)
            _context.RefuseValue("clusters", $"a list whose weights sum to {total}", $"a sum of 1-{uint.MaxValue}");
        var randomHeader = message.HeaderName.Length > 0 ? HeaderNameDecoder.Decode(message.HeaderName, "header_name", _context) : null;
        return ClusterSelector.ByWeight(entries, randomHeader);
    }

    private WeightedCluster DecodeEntry(Proto.Types.ClusterWeight message, string runtimePrefix, SubsetLabels ofRoute)
    {
        if (message.Name.Length == 0 == (message.ClusterHeader.Length == 0))
            _context.Refuse("name", "exactly one of name and cluster_header is required");
        else if (message.Name.Length > 0)
            _decoding.CheckCluster(message.Name, "name");
        if (message.Weight is null)
            _context.Refuse("weight", "is required");
        if (message.TypedPerFilterConfig.Count > 0)
            _decoding.Support.Require(RouteFeature.FilterConfigPerWeightedCluster, "typed_per_filter_config", _context);
        TextFields.CheckHeaderValue(message.HostRewriteLiteral, "host_rewrite_literal", _context);
        return new WeightedCluster
        {
            Name = SharedText.Of(message.Name),
            ClusterHeader = message.ClusterHeader.Length > 0 ? HeaderNameDecoder.Decode(message.ClusterHeader, "cluster_header", _context) : null,
            Weight = message.Weight ?? 0,
            RuntimeKey = runtimePrefix.Length > 0 ? $"{runtimePrefix}.{message.Name}" : null,
            HostRewriteLiteral = message.HostRewriteLiteral.Length > 0 ? message.HostRewriteLiteral : null,
            RequestHeaders = HeaderEditsDecoder.DecodeRequest(message.RequestHeadersToAdd, message.RequestHeadersToRemove, _context),
            ResponseHeaders = HeaderEditsDecoder.DecodeResponse(message.ResponseHeadersToAdd, message.ResponseHeadersToRemove, _context),
            SubsetLabels = ofRoute.With(SubsetDecoder.Labels(message.MetadataMatch)),
            FilterConfigs = RouteFilterConfigDecoder.Decode(message.TypedPerFilterConfig, HttpFilterRouteConfig.NoConfigs, _decoding),
        };
    }
}
