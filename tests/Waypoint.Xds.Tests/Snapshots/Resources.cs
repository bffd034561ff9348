using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Router.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Waypoint.Protos.Envoy.Extensions.Matching.CommonInputs.Network.V3;
using Waypoint.Protos.Xds.Type.Matcher.V3;
using Waypoint.Xds.Ads;
using Filter = Waypoint.Protos.Envoy.Config.Listener.V3.Filter;
using XdsExtension = Waypoint.Protos.Xds.Core.V3.TypedExtensionConfig;

namespace Waypoint.Xds.Tests.Snapshots;

/// <summary>The resources of a small waypoint, in the form that istiod sends: one cluster, one filter chain and one port for each service.</summary>
internal static class Resources
{
    public static AdsResource Of(string name, IMessage message) =>
        new(name, "", ProtoRegistry.TypeUrlOf(message.Descriptor), message.ToByteString());

    public static AdsResource Garbage(string name, string typeUrl) => new(name, "", typeUrl, ByteString.CopyFrom(0x0a, 0xff, 0xff, 0x7f, 0x61));

    public static AdsResponse Response(string typeUrl, params AdsResource[] resources) => new(typeUrl, "test/1", resources, []);

    public static AdsResponse Clusters(params Cluster[] clusters) =>
        Response(XdsTypeUrls.Cluster, [.. clusters.Select(c => Of(c.Name, c))]);

    public static AdsResponse Endpoints(string name, params string[] addresses) =>
        Response(XdsTypeUrls.ClusterLoadAssignment, Of(name, Assignment(name, addresses)));

    public static AdsResponse Listeners(params Listener[] listeners) =>
        Response(XdsTypeUrls.Listener, [.. listeners.Select(l => Of(l.Name, l))]);

    public static Cluster Eds(string name, string connectTimeout = "10s") => Json.Parse<Cluster>(
        $$"""{"name": "{{name}}", "type": "EDS", "connect_timeout": "{{connectTimeout}}", "eds_cluster_config": {"eds_config": {"ads": {} }, "service_name": "{{name}}"} } """);

    /// <summary>A cluster that no proxy can use.</summary>
    public static Cluster Broken(string name)
    {
        Cluster cluster = Eds(name);
        cluster.TransportSocket = new() { Name = "lab", TypedConfig = Unknown };
        return cluster;
    }

    public static ClusterLoadAssignment Assignment(string name, params string[] addresses)
    {
        var assignment = new ClusterLoadAssignment { ClusterName = name };
        if (addresses.Length == 0)
            return assignment;
        var locality = new LocalityLbEndpoints();
        foreach (string address in addresses)
        {
            locality.LbEndpoints.Add(new LbEndpoint
            {
                Endpoint = new() { Address = new() { EnvoyInternalAddress = new() { ServerListenerName = "connect_originate", EndpointId = address } } },
            });
        }

        assignment.Endpoints.Add(locality);
        return assignment;
    }

    /// <summary><c>main_internal</c> with a matcher from port 1000, 1001... to the chains in order.</summary>
    public static Listener MainListener(params FilterChain[] chains)
    {
        var listener = new Listener { Name = "main_internal", InternalListener = new(), FilterChainMatcher = Matcher(chains) };
        listener.ListenerFilters.Add(new ListenerFilter
        {
            Name = "envoy.filters.listener.http_inspector",
            TypedConfig = Any("envoy.extensions.filters.listener.http_inspector.v3.HttpInspector"),
        });
        listener.FilterChains.Add(chains);
        return listener;
    }

    public static FilterChain HttpChain(string name, string cluster, params HttpFilter[] filters)
    {
        HttpConnectionManager manager = Manager(filters);
        manager.RouteConfig = Routes(name, cluster);
        return Chain(name, manager);
    }

    public static FilterChain RdsChain(string name, string routeConfigName)
    {
        HttpConnectionManager manager = Manager();
        manager.Rds = new() { ConfigSource = new() { Ads = new() }, RouteConfigName = routeConfigName };
        return Chain(name, manager);
    }

    public static FilterChain TcpChain(string name, string cluster) => Chain(name, new TcpProxy { StatPrefix = name, Cluster = cluster });

    public static RouteConfiguration Routes(string name, string cluster)
    {
        var host = new VirtualHost { Name = "all" };
        host.Domains.Add("*");
        host.Routes.Add(new Route { Name = "default", Match = new() { Prefix = "/" }, Route_ = new() { Cluster = cluster, Timeout = new() } });
        var table = new RouteConfiguration { Name = name };
        table.VirtualHosts.Add(host);
        return table;
    }

    public static HttpFilter TypedFilter(string name, Any config) => new() { Name = name, TypedConfig = config };

    /// <summary>A filter whose configuration comes by extension discovery.</summary>
    public static HttpFilter Discovered(string name, string type)
    {
        var filter = new HttpFilter { Name = name, ConfigDiscovery = new() { ConfigSource = new() { Ads = new() } } };
        filter.ConfigDiscovery.TypeUrls.Add(ProtoRegistry.TypeUrlPrefix + type);
        return filter;
    }

    public static Any Unknown => Any("lab.broken.v1.NotThere");

    public static Any Any(string type) => new() { TypeUrl = ProtoRegistry.TypeUrlPrefix + type };

    public static Any Pack(IMessage message) => new() { TypeUrl = ProtoRegistry.TypeUrlOf(message.Descriptor), Value = message.ToByteString() };

    private static HttpConnectionManager Manager(params HttpFilter[] filters)
    {
        var manager = new HttpConnectionManager { StatPrefix = "test" };
        manager.HttpFilters.Add(filters);
        manager.HttpFilters.Add(TypedFilter("envoy.filters.http.router", Pack(new Router())));
        return manager;
    }

    private static FilterChain Chain(string name, IMessage terminal)
    {
        var chain = new FilterChain { Name = name };
        chain.Filters.Add(new Filter { Name = "terminal", TypedConfig = Pack(terminal) });
        return chain;
    }

    private static Matcher Matcher(FilterChain[] chains)
    {
        var ports = new Matcher.Types.MatcherTree.Types.MatchMap();
        for (int i = 0; i < chains.Length; i++)
        {
            ports.Map[$"{1000 + i}"] = new() { Action = new XdsExtension { Name = chains[i].Name, TypedConfig = Pack(new StringValue { Value = chains[i].Name }) } };
        }

        return new Matcher
        {
            MatcherTree = new()
            {
                Input = new XdsExtension { Name = "port", TypedConfig = Pack(new DestinationPortInput()) },
                ExactMatchMap = ports,
            },
        };
    }
}
