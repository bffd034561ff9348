using System.Collections.Frozen;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Hashing;
using Waypoint.Model.Listeners;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Decoding;

namespace Waypoint.Xds.Store;

/// <summary>CDS: every cluster that istiod told us of. CDS alone decides what exists; what a response does not mention is unchanged. Not thread-safe.</summary>
internal sealed class ClusterStore
{
    private readonly LastGood<StoredCluster> _clusters = new();
    private readonly Dictionary<string, string[]> _clustersByService = new(StringComparer.Ordinal);

    /// <summary>Clusters for traffic; a new object after every change.</summary>
    public FrozenDictionary<string, ClusterConfig> Configs { get; private set; } = FrozenDictionary<string, ClusterConfig>.Empty;

    /// <summary>From <c>connect_originate</c>; null until it arrived.</summary>
    public TunnelOriginationConfig? Origination { get; private set; }

    /// <summary>From <c>outer_connect_originate</c>; null until it arrived and can be used.</summary>
    public TunnelOriginationConfig? OuterOrigination => _clusters.Find(FixedNames.OuterConnectOriginate)?.Origination;

    /// <summary>From <c>inner_connect_originate</c>; null until it arrived and can be used.</summary>
    public TunnelOriginationConfig? InnerOrigination => _clusters.Find(FixedNames.InnerConnectOriginate)?.Origination;

    /// <summary>Names of secrets that the control plane has to send.</summary>
    public HashSet<string> SecretNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ClusterConfig cluster in Configs.Values)
        {
            foreach (TransportSocketChoice socket in cluster.TransportSockets)
            {
                if (socket.Tls?.ClientCertificate is { Kind: TlsSecretKind.Discovered } certificate)
                    names.Add(certificate.Name);
                if (socket.Tls?.Roots is { Kind: TlsSecretKind.Discovered } roots)
                    names.Add(roots.Name);
            }
        }

        return names;
    }

    /// <summary>Names to subscribe to for endpoints.</summary>
    public IReadOnlyCollection<string> ServiceNames => _clustersByService.Keys;

    /// <summary>True if <paramref name="serviceName"/> has a cluster.</summary>
    public bool HasService(string serviceName) => _clustersByService.ContainsKey(serviceName);

    /// <summary>The clusters whose endpoints come under that name.</summary>
    public IReadOnlyList<string> ClustersOf(string serviceName) => _clustersByService.TryGetValue(serviceName, out string[]? names) ? names : [];

    /// <summary>Takes a response over; returns true if anything changed.</summary>
    /// <param name="response">A CDS response.</param>
    /// <param name="refusals">Where refused clusters go.</param>
    /// <param name="decoded">Told of every decoder run.</param>
    public bool Apply(AdsResponse response, Refusals refusals, Action<DecodeContext> decoded)
    {
        bool changed = false;
        _clusters.Expect(response.Resources.Count);
        foreach (AdsResource resource in response.Resources)
        {
            ContentHash hash = ContentHash.Of(resource.Value.Span);
            if (!_clusters.IsUnchanged(resource.Name, hash))
            {
                changed = true;
                Decode(resource, hash, decoded);
            }

            if (_clusters.RefusalOf(resource.Name) is { } refusal)
                refusals.Add(resource.Name, refusal);
        }

        foreach (string name in response.RemovedNames)
            changed |= _clusters.Remove(name);
        if (changed)
            Rebuild();
        return changed;
    }

    private void Decode(AdsResource resource, ContentHash hash, Action<DecodeContext> decoded)
    {
        Decoded<StoredCluster> result = ResourceDecoder.Cluster(resource.Name, resource.Value, hash);
        decoded(result.Context);
        if (result.Value is { } cluster)
            _clusters.Accept(resource.Name, hash, cluster);
        else
            _clusters.Refuse(resource.Name, hash, Refusals.Describe(result.Context));
    }

    private void Rebuild()
    {
        var configs = new Dictionary<string, ClusterConfig>(_clusters.Names.Count, StringComparer.Ordinal);
        _clustersByService.Clear();
        _clustersByService.EnsureCapacity(_clusters.Names.Count);
        Origination = null;
        foreach ((string name, StoredCluster? good, string? refusal) in _clusters.All)
        {
            if (name == FixedNames.ConnectOriginate)
                Origination = good?.Origination ?? new TunnelOriginationConfig { TrustDomains = [] };
            if (good is null && !IsTunnelOrigin(name))
                configs.Add(name, Configs.TryGetValue(name, out ClusterConfig? kept) ? kept : Refused(name, refusal!));
            if (good?.Config is not { } config)
                continue;
            configs.Add(name, config);
            if (good.EdsServiceName is { } service)
            {
                // Nearly always one, whose list then need not be made anew with every change of any cluster.
                if (!_clustersByService.TryAdd(service, good.OwnName))
                    _clustersByService[service] = [.. _clustersByService[service], name];
            }
        }

        Configs = configs.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static bool IsTunnelOrigin(string name) => name is FixedNames.ConnectOriginate or FixedNames.InnerConnectOriginate or FixedNames.OuterConnectOriginate;

    /// <summary>Stands for a cluster without a usable version: it exists, so routes to it do not answer "no such cluster", and it has no host.</summary>
    private static ClusterConfig Refused(string name, string why) => new()
    {
        Name = name,
        ContentHash = ContentHash.None,
        Discovery = ClusterDiscovery.Static,
        EdsServiceName = name,
        InlineEndpoints = ClusterEndpoints.Empty,
        TransportSockets = [TransportSocketChoice.Plain with { RefusedBecause = why }],
    };
}
