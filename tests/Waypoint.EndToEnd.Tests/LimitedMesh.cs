using Google.Protobuf.WellKnownTypes;
using Waypoint.Demo;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;

namespace Waypoint.EndToEnd.Tests;

/// <summary>The mesh with connections that carry two requests, and live for two seconds.</summary>
public sealed class LimitedMesh : MeshInOneProcess
{
    private protected override IEnumerable<DemoResource> Resources() => base.Resources().Select(static resource => resource.Message switch
    {
        Listener { Name: "main_internal" } listener => resource with { Message = Limited(listener.Clone()) },
        _ => resource,
    });

    private static Listener Limited(Listener listener)
    {
        var filter = listener.FilterChains[0].Filters[0];
        var manager = filter.TypedConfig.Unpack<HttpConnectionManager>();
        manager.CommonHttpProtocolOptions = new HttpProtocolOptions { MaxRequestsPerConnection = 2, MaxConnectionDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) };
        filter.TypedConfig = Any.Pack(manager);
        return listener;
    }
}
