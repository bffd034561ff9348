namespace Waypoint.ControlPlane.Ads;

/// <summary>Types that istiod treats specially.</summary>
internal static class ResourceTypes
{
    private const string Prefix = "type.googleapis.com/";

    public const string Cluster = Prefix + "envoy.config.cluster.v3.Cluster";
    public const string Endpoints = Prefix + "envoy.config.endpoint.v3.ClusterLoadAssignment";
    public const string Workload = Prefix + "istio.workload.Workload";

    /// <summary>Without a wildcard: only names that were asked for are sent.</summary>
    public static bool IsNamed(string typeUrl) => typeUrl is Endpoints or Prefix + "envoy.config.route.v3.RouteConfiguration"
        or Prefix + "envoy.extensions.transport_sockets.tls.v3.Secret" or Prefix + "envoy.config.core.v3.TypedExtensionConfig";
}
