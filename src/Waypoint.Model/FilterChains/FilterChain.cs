using Waypoint.Model.Hashing;

namespace Waypoint.Model.FilterChains;

/// <summary>One filter chain of <c>main_internal</c>: what happens to a tunnel for one service and port. Immutable; kept by reference from one snapshot
/// to the next as long as its serialised bytes stay the same.</summary>
public sealed record FilterChain
{
    /// <summary><c>FilterChain.name</c>, such as <c>inbound-vip|80|http|reviews.shop.svc.cluster.local</c>; unique in the table.</summary>
    public required string Name { get; init; }

    /// <summary>Hash of the serialised bytes, for the comparison of one push with the next.</summary>
    public required ContentHash ContentHash { get; init; }

    /// <summary>What terminates the chain; null only if <see cref="RefusedBecause"/> is set.</summary>
    public HttpConnectionConfig? Http { get; init; }

    /// <summary>What terminates the chain; null only if <see cref="RefusedBecause"/> is set or it is an HTTP chain.</summary>
    public TcpProxyConfig? Tcp { get; init; }

    /// <summary>Network filters before the terminal one, in order.</summary>
    public IReadOnlyList<NetworkFilterConfig> NetworkFilters { get; init; } = [];

    /// <summary>Set when the newest version cannot be enforced and there is no earlier one: nothing passes, HTTP and CONNECT get 503.</summary>
    public string? RefusedBecause { get; init; }

    /// <summary>True for a chain whose traffic is HTTP.</summary>
    public bool IsHttp => Http is not null;
}
