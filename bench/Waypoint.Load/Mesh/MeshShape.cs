using System.Globalization;
using System.Net;

namespace Waypoint.Load.Mesh;

/// <summary>The mesh that the waypoint is configured for: one service that is driven, and others that only make the configuration large.</summary>
internal sealed record MeshShape
{
    /// <summary>Namespace of everything.</summary>
    public const string Namespace = "load";

    /// <summary>Trust domain of everything.</summary>
    public const string TrustDomain = "cluster.local";

    /// <summary>The ports of every service: HTTP/1.1, HTTP/2 and bytes.</summary>
    public static readonly IReadOnlyList<ServicePort> Ports =
    [
        new ServicePort(80, 8080, "http", Http: true, Http2: false),
        new ServicePort(9000, 9090, "grpc", Http: true, Http2: true),
        new ServicePort(6000, 6060, "tcp", Http: false, Http2: false),
    ];

    /// <summary>The waypoint's own pod address.</summary>
    public required IPAddress Waypoint { get; init; }

    /// <summary>Pods of the driven service.</summary>
    public required IReadOnlyList<IPAddress> Pods { get; init; }

    /// <summary>Services, the driven one included.</summary>
    public required int Services { get; init; }

    /// <summary>The ports that services have, of <see cref="Ports"/>.</summary>
    public IReadOnlyList<ServicePort> UsedPorts { get; init; } = Ports;

    /// <summary>Endpoints of the services that are not driven.</summary>
    public int EndpointsOfOthers { get; init; } = 1;

    /// <summary>Routes of each HTTP port; the last one matches everything.</summary>
    public required int Routes { get; init; }

    /// <summary>ALLOW policies of each HTTP port; 0: no filter. One of them admits the client.</summary>
    public required int Policies { get; init; }

    /// <summary>True for the filters that istiod adds for metrics and peer metadata.</summary>
    public required bool Telemetry { get; init; }

    /// <summary>Name of service number <paramref name="index"/>; 0 is the driven one.</summary>
    public static string ServiceName(int index) => index == 0 ? "target" : string.Create(CultureInfo.InvariantCulture, $"other-{index}");

    /// <summary>DNS name of a service.</summary>
    public static string HostName(int index) => $"{ServiceName(index)}.{Namespace}.svc.cluster.local";

    /// <summary>Virtual address of a service. Nobody dials it, it only stands in CONNECT.</summary>
    public static string VirtualAddress(int index) => string.Create(CultureInfo.InvariantCulture, $"10.61.{index / 250}.{(index % 250) + 1}");

    /// <summary>The name that filter chain, route table, cluster and endpoints of a port share.</summary>
    public static string ChainName(int service, ServicePort port) => string.Create(CultureInfo.InvariantCulture, $"inbound-vip|{port.Number}|{(port.Http ? "http" : "tcp")}|{HostName(service)}");
}
