using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.InternalUpstream.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.RawBuffer.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using Waypoint.Protos.Istio.Workload;
using Waypoint.Xds.Ads;
using Address = Waypoint.Protos.Envoy.Config.Core.V3.Address;

namespace Waypoint.Demo;

/// <summary>What an istiod would send for the demo's service, in the same shape: the demo goes through the same ADS client and decoders as a cluster.</summary>
internal static class DemoConfiguration
{
    private const string OriginateName = "connect_originate";

    /// <summary>All resources, in the order in which a control plane sends them.</summary>
    public static IReadOnlyList<DemoResource> Create()
    {
        var resources = new List<DemoResource> { new(XdsTypeUrls.Workload, "demo//Pod/demo/greeter", GreeterWorkload()) };
        foreach (var (version, _) in DemoMesh.Pods)
            resources.Add(new(XdsTypeUrls.Cluster, DemoMesh.ClusterOf(version), VersionCluster(DemoMesh.ClusterOf(version))));
        resources.Add(new(XdsTypeUrls.Cluster, OriginateName, OriginateCluster()));
        foreach (var (version, address) in DemoMesh.Pods)
            resources.Add(new(XdsTypeUrls.ClusterLoadAssignment, DemoMesh.ClusterOf(version), Assignment(DemoMesh.ClusterOf(version), version, address)));
        resources.AddRange(DemoListeners.Create());
        return resources;
    }

    /// <summary>The TLS parts that all HBONE sides share: our certificate, the mesh's roots, identities of the demo's trust domain.</summary>
    public static CommonTlsContext MeshTls() => new()
    {
        AlpnProtocols = { "h2" },
        TlsParams = new TlsParameters { TlsMinimumProtocolVersion = TlsParameters.Types.TlsProtocol.Tlsv13, TlsMaximumProtocolVersion = TlsParameters.Types.TlsProtocol.Tlsv13 },
        TlsCertificateSdsSecretConfigs = { new SdsSecretConfig { Name = "default" } },
        CombinedValidationContext = new CommonTlsContext.Types.CombinedCertificateValidationContext
        {
            ValidationContextSdsSecretConfig = new SdsSecretConfig { Name = "ROOTCA" },
            DefaultValidationContext = new CertificateValidationContext
            {
                MatchTypedSubjectAltNames =
                {
                    new SubjectAltNameMatcher
                    {
                        SanType = SubjectAltNameMatcher.Types.SanType.Uri,
                        Matcher = new Protos.Envoy.Type.Matcher.V3.StringMatcher { Prefix = "spiffe://cluster.local/" },
                    },
                },
            },
        },
    };

    private static Cluster VersionCluster(string name) => new()
    {
        Name = name,
        Type = Cluster.Types.DiscoveryType.Eds,
        LbPolicy = Cluster.Types.LbPolicy.RoundRobin,
        ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)),
        EdsClusterConfig = new Cluster.Types.EdsClusterConfig
        {
            ServiceName = name,
            EdsConfig = new ConfigSource { Ads = new AggregatedConfigSource(), ResourceApiVersion = ApiVersion.V3 },
        },
        TransportSocket = new TransportSocket
        {
            Name = "internal_upstream",
            TypedConfig = Any.Pack(new InternalUpstreamTransport { TransportSocket = new TransportSocket { Name = "raw_buffer", TypedConfig = Any.Pack(new RawBuffer()) } }),
        },
    };

    private static Cluster OriginateCluster() => new()
    {
        Name = OriginateName,
        Type = Cluster.Types.DiscoveryType.OriginalDst,
        LbPolicy = Cluster.Types.LbPolicy.ClusterProvided,
        ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)),
        OriginalDstLbConfig = new Cluster.Types.OriginalDstLbConfig { UpstreamPortOverride = DemoMesh.DestinationPort },
        TransportSocket = new TransportSocket { Name = "tls", TypedConfig = Any.Pack(new UpstreamTlsContext { CommonTlsContext = MeshTls() }) },
    };

    private static ClusterLoadAssignment Assignment(string cluster, string version, string address) => new()
    {
        ClusterName = cluster,
        Endpoints =
        {
            new LocalityLbEndpoints
            {
                LbEndpoints =
                {
                    new LbEndpoint
                    {
                        HealthStatus = HealthStatus.Healthy,
                        Endpoint = new Endpoint { Address = new Address { EnvoyInternalAddress = new EnvoyInternalAddress { ServerListenerName = OriginateName, EndpointId = address } } },
                        Metadata = new Metadata
                        {
                            FilterMetadata =
                            {
                                ["envoy.filters.listener.original_dst"] = new Struct { Fields = { ["local"] = Value.ForString(address) } },
                                ["istio"] = new Struct { Fields = { ["workload"] = Value.ForString($"greeter-{version};{DemoMesh.Namespace};greeter;{version};demo") } },
                            },
                        },
                    },
                },
            },
        },
    };

    private static Workload GreeterWorkload() => new()
    {
        Uid = "demo//Pod/demo/greeter",
        Name = "greeter",
        Namespace = DemoMesh.Namespace,
        ServiceAccount = "greeter",
        TrustDomain = "cluster.local",
        WorkloadName = "greeter",
        CanonicalName = "greeter",
        ClusterId = "demo",
        TunnelProtocol = TunnelProtocol.Hbone,
        Addresses = { ByteString.CopyFrom(IPAddress.Loopback.GetAddressBytes()) },
    };
}
