using System.Net;

namespace Waypoint.Grpc.Client;

/// <summary>Where a channel leads and how it behaves. Immutable; a channel is made from it as often as needed.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>What is dialled: <see cref="DnsEndPoint"/>, <see cref="IPEndPoint"/> or a Unix socket's end point.</summary>
    public required EndPoint Address { get; init; }

    /// <summary>TLS; null: cleartext HTTP/2 with prior knowledge (laboratories and Unix sockets).</summary>
    public GrpcTlsOptions? Tls { get; init; }

    /// <summary>
    /// Bearer token, asked for every call because the file behind it is rewritten while the process runs. A null or empty
    /// result sends no <c>authorization</c>. Never logged.
    /// </summary>
    public Func<CancellationToken, ValueTask<string?>>? BearerToken { get; init; }

    /// <summary>Metadata of every call, such as <c>clusterid</c>.</summary>
    public IReadOnlyList<GrpcHeader> Metadata { get; init; } = [];

    /// <summary>TCP and TLS together. Default 5 s, as istiod's agent has it.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a ping asks whether the peer lives; only while a call runs. istiod refuses less than 15 s. Default 30 s.</summary>
    public TimeSpan KeepAliveDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait for the answer of a ping before the connection counts as lost. Default 10 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest accepted response message. A full mesh's answer is far above gRPC's usual 4 MiB. Default 256 MiB.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 256 << 20;

    /// <summary>Flow-control window with which each stream starts, in bytes; it grows by itself. Default 1 MiB.</summary>
    public int InitialWindowBytes { get; init; } = 1 << 20;

    /// <summary><c>user-agent</c> of every call.</summary>
    public string UserAgent { get; init; } = "waypoint-grpc";

    /// <summary>Clock of deadlines and the connect timeout.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
