using System.Collections.Concurrent;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>All pools of one endpoint: the common ones, and, where a connection depends on the request or on its client (a server name from the authority, a PROXY header), one set
/// per variant. Bounded: beyond <see cref="MaxVariants"/> all variants are retired and begun anew, which costs reconnects and loses nothing.</summary>
internal sealed class EndpointPools(UpstreamHandlerFactory handlers, ClusterConfig cluster, Endpoint endpoint)
{
    private const int MaxVariants = 1024;

    private readonly VariantPools _common = new(handlers, cluster, endpoint, PoolVariant.None);
    private ConcurrentDictionary<PoolVariant, VariantPools>? _variants;

    /// <summary>A lease for one request. The caller holds the endpoint, so that the pools are not closed meanwhile.</summary>
    /// <param name="version">HTTP version to speak.</param>
    /// <param name="variant">What the connection depends on.</param>
    public PoolLease Rent(Version version, PoolVariant variant)
    {
        if (ReferenceEquals(variant, PoolVariant.None))
        {
            return _common.Rent(version);
        }

        while (true)
        {
            VariantPools pools = Find(variant);
            if (pools.TryEnter())
            {
                return pools.Rent(version) with { Variant = pools };
            }
        }
    }

    /// <summary>Closes everything; nobody is left.</summary>
    public void Dispose()
    {
        _common.Retire();
        RetireVariants();
    }

    private VariantPools Find(PoolVariant variant)
    {
        ConcurrentDictionary<PoolVariant, VariantPools> variants = _variants ?? Interlocked.CompareExchange(ref _variants, new(), null) ?? _variants;
        if (variants.TryGetValue(variant, out VariantPools? known))
        {
            return known;
        }

        if (variants.Count >= MaxVariants)
        {
            RetireVariants();
        }

        return variants.GetOrAdd(variant, static (key, made) => new VariantPools(made.handlers, made.cluster, made.endpoint, key), (handlers, cluster, endpoint));
    }

    private void RetireVariants()
    {
        if (_variants is not { } variants)
        {
            return;
        }

        foreach (PoolVariant key in variants.Keys)
        {
            if (variants.TryRemove(key, out VariantPools? pools))
            {
                pools.Retire();
            }
        }
    }
}
