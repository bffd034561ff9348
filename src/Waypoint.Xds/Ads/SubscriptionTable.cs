using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.Xds.Ads;

/// <summary>
/// All subscriptions, over all streams. The consumer changes names from any thread; the writer of the present stream takes
/// requests; its reader records responses. Clusters and workloads are asked for at once, listeners when the clusters are initialised.
/// </summary>
internal sealed class SubscriptionTable : IAdsSubscriptions
{
    /// <summary>Order of requests when several types have one: that of a make-before-break update.</summary>
    private static readonly string[] Order =
    [
        XdsTypeUrls.Workload, XdsTypeUrls.Cluster, XdsTypeUrls.ClusterLoadAssignment, XdsTypeUrls.Listener,
        XdsTypeUrls.RouteConfiguration, XdsTypeUrls.Secret, XdsTypeUrls.TypedExtensionConfig,
    ];

    private readonly Lock _gate = new();
    private readonly List<TypeSubscription> _types = [];
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<string> _answeredEndpoints = new(StringComparer.Ordinal);
    private readonly int _maxRequestBytes;
    private bool _clustersApplied;
    private bool _listenersOpen;

    public SubscriptionTable(int maxRequestBytes)
    {
        _maxRequestBytes = maxRequestBytes;
        foreach (var typeUrl in Order)
            _types.Add(new TypeSubscription(typeUrl));
    }

    public void SetNames(string typeUrl, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Change(typeUrl, type =>
        {
            var wanted = new HashSet<string>(names, StringComparer.Ordinal);
            var changed = false;
            foreach (var gone in type.Wanted.Where(name => !wanted.Contains(name)).ToList())
                changed |= type.Remove(gone);
            foreach (var name in wanted)
                changed |= type.Add(name);
            return changed;
        });
    }

    public void Add(string typeUrl, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Change(typeUrl, type =>
        {
            var changed = false;
            foreach (var name in names)
                changed |= type.Add(name);
            return changed;
        });
    }

    public void Remove(string typeUrl, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Change(typeUrl, type =>
        {
            var changed = false;
            foreach (var name in names)
                changed |= type.Remove(name);
            return changed;
        });
    }

    /// <summary>Everything is to be asked for again.</summary>
    public void BeginStream()
    {
        lock (_gate)
        {
            foreach (var type in _types)
                type.BeginStream();
        }
        Wake();
    }

    public bool TryTakeRequest([NotNullWhen(true)] out DeltaDiscoveryRequest? request)
    {
        lock (_gate)
        {
            foreach (var type in _types)
            {
                if (type.TypeUrl == XdsTypeUrls.Listener && !_listenersOpen)
                    continue;
                request = type.TakeRequest(_maxRequestBytes);
                if (request is not null)
                    return true;
            }
        }
        request = null;
        return false;
    }

    /// <summary>Makes the writer look again.</summary>
    public void Wake() => _changed.Writer.TryWrite(true);

    /// <summary>Waits for a change; several changes may be one.</summary>
    public ValueTask<bool> WaitForChangeAsync(CancellationToken cancellation) => _changed.Reader.ReadAsync(cancellation);

    public bool IsSubscribed(string typeUrl)
    {
        lock (_gate)
            return Find(typeUrl) is { IsSubscribed: true };
    }

    /// <summary>Adds what is missing from a response that is known to be the whole set.</summary>
    public AdsResponse Complete(AdsResponse response)
    {
        lock (_gate)
        {
            if (Find(response.TypeUrl) is not { IsNextResponseComplete: true } type)
                return response;
            var gone = new HashSet<string>(type.Held.Keys, StringComparer.Ordinal);
            foreach (var resource in response.Resources)
                gone.Remove(resource.Name);
            gone.UnionWith(response.RemovedNames);
            return response with { RemovedNames = [.. gone] };
        }
    }

    /// <returns>Whether these were the first clusters and listeners have to wait for their endpoints.</returns>
    public bool Record(AdsResponse response, AdsVerdict verdict, DateTimeOffset now)
    {
        bool firstClusters;
        lock (_gate)
        {
            var type = Find(response.TypeUrl)!;
            type.Record(response, verdict);
            type.Version = response.SystemVersionInfo;
            type.LastNack = verdict.Message;
            if (verdict.IsAck)
                type.LastAcknowledged = now;
            firstClusters = response.TypeUrl == XdsTypeUrls.Cluster && !_clustersApplied;
            _clustersApplied |= firstClusters;
            if (!_listenersOpen)
                Initialise_Locked(response);
            firstClusters &= !_listenersOpen;
        }
        Wake();
        return firstClusters;
    }

    public void RecordRefused(string typeUrl, string message)
    {
        lock (_gate)
        {
            var type = Find(typeUrl)!;
            type.RecordRefused();
            type.LastNack = message;
        }
    }

    /// <summary>Asks for listeners whatever is still missing.</summary>
    /// <returns>How many clusters are without an answer; null when listeners were asked for before.</returns>
    public int? OpenListeners()
    {
        int missing;
        lock (_gate)
        {
            if (_listenersOpen)
                return null;
            missing = Endpoints.Wanted.Count(name => !_answeredEndpoints.Contains(name));
            _listenersOpen = true;
            _answeredEndpoints.Clear();
        }
        Wake();
        return missing;
    }

    public IReadOnlyList<AdsTypeStatus> Status()
    {
        lock (_gate)
        {
            return [.. _types.Where(type => type.IsSubscribed).Select(type =>
                new AdsTypeStatus(type.TypeUrl, type.WantedCount, type.Held.Count, type.Version, type.LastAcknowledged, type.LastNack))];
        }
    }

    private TypeSubscription Endpoints => Find(XdsTypeUrls.ClusterLoadAssignment)!;

    /// <summary>
    /// Clusters are initialised when each one has had an answer to its endpoints, be it an empty or a refused one: listeners that
    /// came earlier would answer 503 for clusters that are about to be complete.
    /// </summary>
    private void Initialise_Locked(AdsResponse response)
    {
        if (response.TypeUrl == XdsTypeUrls.ClusterLoadAssignment)
        {
            foreach (var resource in response.Resources)
                _answeredEndpoints.Add(resource.Name);
        }
        if (_clustersApplied && Endpoints.Wanted.All(_answeredEndpoints.Contains))
        {
            _listenersOpen = true;
            _answeredEndpoints.Clear();
        }
    }

    private void Change(string typeUrl, Func<TypeSubscription, bool> change)
    {
        if (XdsTypeUrls.IsWildcard(typeUrl))
            throw new ArgumentException($"{typeUrl} is subscribed as a whole, not by name", nameof(typeUrl));
        bool changed;
        lock (_gate)
        {
            var type = Find(typeUrl);
            if (type is null)
                _types.Add(type = new TypeSubscription(typeUrl));
            changed = change(type);
            // The clusters whose answer was awaited may just have gone.
            if (!_listenersOpen && _clustersApplied && typeUrl == XdsTypeUrls.ClusterLoadAssignment && Endpoints.Wanted.All(_answeredEndpoints.Contains))
                _listenersOpen = changed = true;
        }
        if (changed)
            Wake();
    }

    private TypeSubscription? Find(string typeUrl)
    {
        foreach (var type in _types)
        {
            if (type.TypeUrl == typeUrl)
                return type;
        }
        return null;
    }
}
