namespace Waypoint.Model.Clusters;

/// <summary><c>envoy.extensions.common.dynamic_forward_proxy.v3.DnsCacheConfig</c> of a cluster whose hosts come from the requests. Immutable.</summary>
public sealed record DynamicForwardSettings
{
    /// <summary>How names are resolved (<c>dns_lookup_family</c>, <c>dns_refresh_rate</c> with Envoy's default of 60 s, <c>dns_failure_refresh_rate</c>).</summary>
    public DnsSettings Dns { get; init; } = new() { RefreshRate = TimeSpan.FromSeconds(60) };

    /// <summary><c>host_ttl</c>: a host that nobody asked for so long is forgotten; default 5 min.</summary>
    public TimeSpan HostTtl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>max_hosts</c>: hosts at a time; more are answered with an overflow. Default 1024.</summary>
    public int MaxHosts { get; init; } = 1024;

    /// <summary><c>dns_query_timeout</c>: how long a request waits for the first answer; default 5 s.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>dns_cache_circuit_breaker.max_pending_requests</c>: requests that may wait for an answer at a time; default 1024.</summary>
    public int MaxPendingRequests { get; init; } = 1024;
}
