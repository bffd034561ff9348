namespace Waypoint.ControlPlane.Tests;

internal static class TypeUrls
{
    public const string Cds = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    public const string Eds = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
    public const string Lds = "type.googleapis.com/envoy.config.listener.v3.Listener";
    public const string Rds = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    public const string Wds = "type.googleapis.com/istio.workload.Workload";
}
