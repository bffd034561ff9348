using Waypoint.Model.Authorization;

namespace Waypoint.Model.Listeners;

/// <summary>What listener <c>connect_terminate</c> says about accepted HBONE connections.</summary>
public sealed record TunnelTerminationConfig
{
    /// <summary>Trust domains whose identities may connect, from the prefixes of <c>default_validation_context.match_typed_subject_alt_names</c>;
    /// null when validation of the trust domain is switched off (no matchers sent).</summary>
    public required IReadOnlyList<string>? TrustDomains { get; init; }

    /// <summary><c>http2_protocol_options.max_concurrent_streams</c>; default 100 tunnels on one connection.</summary>
    public uint MaxConcurrentStreams { get; init; } = 100;

    /// <summary><c>connection_keepalive.interval</c>; default 10 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>connection_keepalive.timeout</c>; default 20 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>RBAC filters in front of the CONNECT, in order; empty unless istiod runs with layered authorization.</summary>
    public IReadOnlyList<RbacFilterConfig> ConnectAuthorization { get; init; } = [];

    /// <summary>Why no CONNECT may be served, or null: a filter of the listener could not be enforced and no earlier version exists. Answered with 503.</summary>
    public string? RefusedBecause { get; init; }

    /// <summary>True when the listener carries access loggers (then refused CONNECTs are logged).</summary>
    public bool AccessLogEnabled { get; init; }
}
