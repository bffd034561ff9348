using System.Net;

namespace Waypoint.Grpc.Server;

/// <summary>Where a server listens and how.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>IP address and port (0: any free one) or a Unix socket. Default: a free port of 127.0.0.1.</summary>
    public EndPoint EndPoint { get; init; } = new IPEndPoint(IPAddress.Loopback, 0);

    /// <summary>TLS; null: cleartext HTTP/2 with prior knowledge.</summary>
    public GrpcServerTlsOptions? Tls { get; init; }

    /// <summary>Silence after which a ping asks whether the client lives. Default 30 s.</summary>
    public TimeSpan KeepAliveDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait for the answer of a ping. Default 10 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Flow-control window of a stream and of a connection, in bytes. Default 1 MiB.</summary>
    public int InitialWindowBytes { get; init; } = 1 << 20;

    /// <summary>Clock of the grace period.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
