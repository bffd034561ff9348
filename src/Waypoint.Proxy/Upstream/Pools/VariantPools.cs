using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>The pools of one variant of an endpoint, one per HTTP version, made at first use. Closed when it was retired and the last request has left.</summary>
internal sealed class VariantPools(UpstreamHandlerFactory handlers, ClusterConfig cluster, Endpoint endpoint, PoolVariant variant)
{
    private const int Closed = int.MinValue / 2;

    private IConnectionPool? _http11;
    private IConnectionPool? _http2;
    private int _users;
    private int _retired;

    /// <summary>Counts a request in; false if the pools are closed.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _users) > 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _users);
        return false;
    }

    /// <summary>Counts a request out.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0 && Volatile.Read(ref _retired) != 0)
        {
            TryClose();
        }
    }

    /// <summary>No new request comes: closes as soon as nobody is left.</summary>
    public void Retire()
    {
        Volatile.Write(ref _retired, 1);
        TryClose();
    }

    /// <summary>A lease on the pool that speaks <paramref name="version"/>.</summary>
    public PoolLease Rent(Version version)
    {
        ref IConnectionPool? slot = ref version == HttpVersion.Version20 ? ref _http2 : ref _http11;
        return (Volatile.Read(ref slot) ?? Create(ref slot, version)).Rent();
    }

    private IConnectionPool Create(ref IConnectionPool? slot, Version version)
    {
        IConnectionPool made = handlers.Create(cluster, endpoint, version, variant);
        if (Interlocked.CompareExchange(ref slot, made, null) is { } first)
        {
            made.Dispose();
            return first;
        }

        return made;
    }

    private void TryClose()
    {
        // Closed is so far below zero that late TryEnter calls cannot lift it back above.
        if (Interlocked.CompareExchange(ref _users, Closed, 0) == 0)
        {
            _http11?.Dispose();
            _http2?.Dispose();
        }
    }
}
