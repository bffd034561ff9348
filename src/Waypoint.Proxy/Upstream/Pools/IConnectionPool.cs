namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>Inner HTTP connections to one endpoint, of one HTTP version and one variant. Thread-safe; disposed of when no lease is out.</summary>
internal interface IConnectionPool : IDisposable
{
    /// <summary>Where the next request goes; the lease is disposed of when its answer has been passed on.</summary>
    PoolLease Rent();
}
