namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>A pool that needs no account of single connections: the HTTP client opens, reuses and closes them.</summary>
internal sealed class SharedPool(HttpMessageInvoker invoker) : IConnectionPool
{
    public PoolLease Rent() => new(invoker, null, null, null);

    public void Dispose() => invoker.Dispose();
}
