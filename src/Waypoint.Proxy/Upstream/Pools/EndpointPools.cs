using System.Collections.Concurrent;
using Waypoint.Hbone.Connections;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>All pools of one endpoint: the common ones, one set per worker, and, where a connection depends on the request or on its client (a server name from the authority, a PROXY header), one set
/// per variant. Bounded: beyond <see cref="MaxVariants"/> all variants are retired and begun anew, which costs reconnects and loses nothing.</summary>
internal sealed class EndpointPools(UpstreamHandlerFactory handlers, ClusterConfig cluster, Endpoint endpoint)
{
    private const int MaxVariants = 1024;

    private readonly VariantPools _common = new(handlers, cluster, endpoint, PoolVariant.None);
    private VariantPools?[]? _ofOthers;
    private ConcurrentDictionary<PoolVariant, VariantPools>? _variants;

    /// <summary>A lease for one request. The caller holds the endpoint, so that the pools are not closed meanwhile.</summary>
    /// <param name="version">HTTP version to speak.</param>
    /// <param name="variant">What the connection depends on.</param>
    public PoolLease Rent(Version version, PoolVariant variant)
    {
        if (variant.IsCommon)
        {
            return (variant.Worker == 0 ? _common : OfWorker(variant)).Rent(version);
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
        foreach (VariantPools? pools in _ofOthers ?? [])
        {
            pools?.Retire();
        }

        RetireVariants();
    }

    private VariantPools OfWorker(PoolVariant variant)
    {
        VariantPools?[] all = _ofOthers ?? Interlocked.CompareExchange(ref _ofOthers, new VariantPools?[SocketWorkers.MaxWorkers], null) ?? _ofOthers;
        ref VariantPools? pools = ref all[variant.Worker];
        return Volatile.Read(ref pools) ?? Interlocked.CompareExchange(ref pools, new VariantPools(handlers, cluster, endpoint, variant), null) ?? pools;
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
