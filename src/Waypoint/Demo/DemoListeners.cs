using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Router.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Waypoint.Protos.Envoy.Extensions.Matching.CommonInputs.Network.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using Waypoint.Protos.Xds.Type.Matcher.V3;
using Waypoint.Xds.Ads;
using StringMatcher = Waypoint.Protos.Envoy.Type.Matcher.V3.StringMatcher;
using XdsCidrRange = Waypoint.Protos.Xds.Core.V3.CidrRange;
using XdsTypedExtension = Waypoint.Protos.Xds.Core.V3.TypedExtensionConfig;

namespace Waypoint.Demo;

/// <summary>The three listeners of a waypoint, with one HTTP filter chain whose first route asks for a header.</summary>
internal static class DemoListeners
{
    public static IEnumerable<DemoResource> Create() =>
    [
        new(XdsTypeUrls.Listener, "connect_terminate", Terminate()),
        new(XdsTypeUrls.Listener, "main_internal", MainInternal()),
        new(XdsTypeUrls.Listener, "connect_originate", Originate()),
    ];

    private static Listener Terminate() => new()
    {
        Name = "connect_terminate",
        FilterChains =
        {
            new FilterChain
            {
                Name = "default",
                Filters =
                {
                    Network("envoy.filters.network.http_connection_manager", new HttpConnectionManager
                    {
                        StatPrefix = "connect_terminate",
                        Http2ProtocolOptions = new Http2ProtocolOptions { AllowConnect = true, MaxConcurrentStreams = 100 },
                        UpgradeConfigs = { new HttpConnectionManager.Types.UpgradeConfig { UpgradeType = "CONNECT" } },
                        HttpFilters = { Router() },
                        RouteConfig = Table("default", new Route
                        {
                            Match = new RouteMatch { ConnectMatcher = new RouteMatch.Types.ConnectMatcher() },
                            Route_ = new RouteAction
                            {
                                Cluster = "main_internal",
                                UpgradeConfigs = { new RouteAction.Types.UpgradeConfig { UpgradeType = "CONNECT", ConnectConfig = new RouteAction.Types.UpgradeConfig.Types.ConnectConfig() } },
                            },
                        }),
                    }),
                },
                TransportSocket = new TransportSocket
                {
                    Name = "tls",
                    TypedConfig = Any.Pack(new DownstreamTlsContext { RequireClientCertificate = true, CommonTlsContext = DemoConfiguration.MeshTls() }),
                },
            },
        },
    };

    private static Listener MainInternal() => new()
    {
        Name = "main_internal",
        InternalListener = new Listener.Types.InternalListenerConfig(),
        FilterChainMatcher = new Matcher
        {
            MatcherTree = new Matcher.Types.MatcherTree
            {
                Input = new XdsTypedExtension { Name = "ip", TypedConfig = Any.Pack(new DestinationIPInput()) },
                CustomMatch = new XdsTypedExtension
                {
                    Name = "ip",
                    TypedConfig = Any.Pack(new IPMatcher
                    {
                        RangeMatchers =
                        {
                            new IPMatcher.Types.IPRangeMatcher
                            {
                                Ranges = { new XdsCidrRange { AddressPrefix = DemoMesh.Vip, PrefixLen = 32 } },
                                OnMatch = new Matcher.Types.OnMatch { Matcher = ByPort() },
                            },
                        },
                    }),
                },
            },
        },
        FilterChains =
        {
            new FilterChain
            {
                Name = DemoMesh.Chain,
                Filters =
                {
                    Network("envoy.filters.network.http_connection_manager", new HttpConnectionManager
                    {
                        StatPrefix = "inbound_0.0.0.0_80;",
                        HttpFilters = { Router() },
                        RouteConfig = Table(DemoMesh.Chain, ToVersion("version-2", "v2", DemoMesh.VersionHeader), ToVersion("version-1", "v1", null)),
                    }),
                },
            },
        },
    };

    private static Matcher ByPort()
    {
        var chain = new XdsTypedExtension { Name = DemoMesh.Chain, TypedConfig = Any.Pack(new StringValue { Value = DemoMesh.Chain }) };
        var ports = new Matcher.Types.MatcherTree.Types.MatchMap();
        ports.Map[DemoMesh.ServicePort.ToString(CultureInfo.InvariantCulture)] = new Matcher.Types.OnMatch { Action = chain };
        return new Matcher
        {
            MatcherTree = new Matcher.Types.MatcherTree
            {
                Input = new XdsTypedExtension { Name = "port", TypedConfig = Any.Pack(new DestinationPortInput()) },
                ExactMatchMap = ports,
            },
        };
    }

    private static Listener Originate() => new()
    {
        Name = "connect_originate",
        InternalListener = new Listener.Types.InternalListenerConfig(),
        FilterChains =
        {
            new FilterChain
            {
                Filters =
                {
                    Network("envoy.filters.network.tcp_proxy", new TcpProxy
                    {
                        StatPrefix = "connect_originate",
                        Cluster = "connect_originate",
                        TunnelingConfig = new TcpProxy.Types.TunnelingConfig { Hostname = "%DOWNSTREAM_LOCAL_ADDRESS%" },
                    }),
                },
            },
        },
    };

    private static Route ToVersion(string name, string version, string? header)
    {
        var match = new RouteMatch { Prefix = "/" };
        if (header is not null)
            match.Headers.Add(new HeaderMatcher { Name = header, StringMatch = new StringMatcher { Exact = version } });
        return new Route { Name = name, Match = match, Route_ = new RouteAction { Cluster = DemoMesh.ClusterOf(version), Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(15)) } };
    }

    private static RouteConfiguration Table(string name, params ReadOnlySpan<Route> routes)
    {
        var host = new VirtualHost { Name = name, Domains = { "*" } };
        foreach (var route in routes)
            host.Routes.Add(route);
        return new RouteConfiguration { Name = name, VirtualHosts = { host } };
    }

    private static Filter Network(string name, Google.Protobuf.IMessage config) => new() { Name = name, TypedConfig = Any.Pack(config) };

    private static HttpFilter Router() => new() { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) };
}
