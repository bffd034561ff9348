namespace Waypoint.Demo;

/// <summary>Names and addresses of the demo: one service with two versions, its pods behind one destination-side HBONE endpoint, and a client.</summary>
internal static class DemoMesh
{
    /// <summary>Namespace of the service and the waypoint.</summary>
    public const string Namespace = "demo";

    /// <summary>Host name of the service.</summary>
    public const string Host = "greeter.demo.svc.cluster.local";

    /// <summary>VIP of the service; nobody listens there, it stands only in CONNECT.</summary>
    public const string Vip = "10.96.0.10";

    /// <summary>Port of the service.</summary>
    public const int ServicePort = 80;

    /// <summary>Port of the destination-side HBONE endpoint; in a cluster this is 15008 on every pod.</summary>
    public const int DestinationPort = 15018;

    /// <summary>The request header that the demo's route asks for; with the value v2 it picks version 2.</summary>
    public const string VersionHeader = "x-version";

    /// <summary>Identity of the waypoint.</summary>
    public const string WaypointPrincipal = "spiffe://cluster.local/ns/demo/sa/waypoint";

    /// <summary>Identity of the service's pods.</summary>
    public const string ServicePrincipal = "spiffe://cluster.local/ns/demo/sa/greeter";

    /// <summary>Identity of the client.</summary>
    public const string ClientPrincipal = "spiffe://cluster.local/ns/clients/sa/curl";

    /// <summary>The pods: version and application address. Only the destination endpoint dials them, with the address as the authority of the CONNECT.</summary>
    public static IReadOnlyList<(string Version, string Address)> Pods { get; } = [("v1", "127.0.0.1:9001"), ("v2", "127.0.0.1:9002")];

    /// <summary>Cluster of one version, named as istiod names the clusters of subsets.</summary>
    public static string ClusterOf(string version) => $"inbound-vip|{ServicePort}|http/{version}|{Host}";

    /// <summary>Filter chain and route table of the service.</summary>
    public static string Chain => $"inbound-vip|{ServicePort}|http|{Host}";
}
