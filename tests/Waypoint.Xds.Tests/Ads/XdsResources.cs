using Waypoint.ControlPlane.Ads;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Protos.Istio.Workload;
using Waypoint.Xds.Ads;

namespace Waypoint.Xds.Tests.Ads;

/// <summary>Pushes with the least that makes a resource.</summary>
internal static class XdsResources
{
    public static AdsPush Clusters(params string[] names) =>
        new(XdsTypeUrls.Cluster, [.. names.Select(name => AdsPush.Resource(name, new Cluster { Name = name }))]);

    public static AdsPush Endpoints(params string[] names) =>
        new(XdsTypeUrls.ClusterLoadAssignment, [.. names.Select(name => AdsPush.Resource(name, new ClusterLoadAssignment { ClusterName = name }))]);

    public static AdsPush Listeners(params string[] names) =>
        new(XdsTypeUrls.Listener, [.. names.Select(name => AdsPush.Resource(name, new Listener { Name = name }))]);

    public static AdsPush Routes(params string[] names) =>
        new(XdsTypeUrls.RouteConfiguration, [.. names.Select(name => AdsPush.Resource(name, new RouteConfiguration { Name = name }))]);

    public static AdsPush Workloads(params (string Name, string Version)[] workloads) =>
        new(XdsTypeUrls.Workload, [.. workloads.Select(workload => Workload(workload.Name, workload.Version))]);

    public static Resource Workload(string name, string version) => AdsPush.Resource(name, new Workload { Uid = name }, version);
}
