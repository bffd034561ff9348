namespace Waypoint.Model.FilterChains;

/// <summary><c>envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy</c> at the end of a TCP chain.</summary>
public sealed record TcpProxyConfig
{
    /// <summary><c>cluster</c> (one entry of weight 1) or <c>weighted_clusters</c>; never empty.</summary>
    public required IReadOnlyList<WeightedTcpCluster> Clusters { get; init; }

    /// <summary>Sum of the weights.</summary>
    public required ulong TotalWeight { get; init; }

    /// <summary><c>idle_timeout</c>; default 1 h; zero: never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>max_downstream_connection_duration</c>; zero: unlimited.</summary>
    public TimeSpan MaxConnectionDuration { get; init; }

    /// <summary>True when <c>hash_policy</c> has <c>source_ip</c>.</summary>
    public bool HashSourceIp { get; init; }

    /// <summary>True when <c>access_log</c> is not empty.</summary>
    public bool AccessLogEnabled { get; init; }

    /// <summary><c>stat_prefix</c>.</summary>
    public string StatPrefix { get; init; } = "";
}
