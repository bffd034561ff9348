using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.Xds.Ads;

/// <summary>
/// One type: what is asked for, what of it the present stream has been told, and what the control plane has told us over all
/// streams. Not thread-safe: <see cref="SubscriptionTable"/> guards it.
/// </summary>
internal sealed class TypeSubscription(string typeUrl)
{
    /// <summary>Field headers and lengths around a name or a version in a request, rounded up.</summary>
    private const int EntryOverhead = 16;

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _toAdd = new(StringComparer.Ordinal);
    private readonly HashSet<string> _toRemove = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _held = new(StringComparer.Ordinal);
    private bool _started;

    public string TypeUrl { get; } = typeUrl;

    public bool IsWildcard { get; } = XdsTypeUrls.IsWildcard(typeUrl);

    /// <summary>Whether responses are expected: something was asked for on some stream.</summary>
    public bool IsSubscribed { get; private set; }

    /// <summary>The next response is the whole set: what it does not have is gone.</summary>
    public bool IsNextResponseComplete { get; private set; }

    public IReadOnlyDictionary<string, string> Held => _held;

    public int WantedCount => _told.Count - _toRemove.Count + _toAdd.Count;

    public string Version { get; set; } = "";

    public DateTimeOffset? LastAcknowledged { get; set; }

    public string? LastNack { get; set; }

    public IEnumerable<string> Wanted => _told.Where(name => !_toRemove.Contains(name)).Concat(_toAdd);

    /// <summary>A name that waits to be unsubscribed stays in that list: its answer was thrown away, and only asking anew brings another.</summary>
    public bool Add(string name) => (!_told.Contains(name) || _toRemove.Contains(name)) && _toAdd.Add(name);

    public bool Remove(string name)
    {
        _held.Remove(name);
        var waited = _toAdd.Remove(name);
        return (_told.Contains(name) && _toRemove.Add(name)) || waited;
    }

    /// <summary>A new stream knows nothing yet.</summary>
    public void BeginStream()
    {
        _told.ExceptWith(_toRemove);
        _toAdd.UnionWith(_told);
        _told.Clear();
        _toRemove.Clear();
        _started = false;
        IsNextResponseComplete = false;
    }

    /// <summary>The next request that this stream needs, or null.</summary>
    /// <param name="maxBytes">Approximate size above which names are left for a further request.</param>
    public DeltaDiscoveryRequest? TakeRequest(int maxBytes) => IsWildcard ? TakeWildcard(maxBytes) : TakeNames(maxBytes);

    /// <summary>Takes note of what the control plane has told, so that a later stream can say what is held.</summary>
    /// <param name="response">Applied as far as the verdict says.</param>
    /// <param name="verdict">Names the refused resources.</param>
    public void Record(AdsResponse response, AdsVerdict verdict)
    {
        IsNextResponseComplete = false;
        foreach (var resource in response.Resources)
        {
            if (!IsWildcard && !IsWanted(resource.Name))
                continue;
            if (!verdict.RejectedNames.Contains(resource.Name))
                _held[resource.Name] = resource.Version;
            else if (IsWildcard)
                // The name is told, so that a deletion while we are away is told too; the refused version is not, so that it is sent again.
                _held.TryAdd(resource.Name, "");
        }
        foreach (var name in response.RemovedNames)
            _held.Remove(name);
    }

    /// <summary>The response was refused as a whole: nothing can be concluded from what it lacks.</summary>
    public void RecordRefused() => IsNextResponseComplete = false;

    private bool IsWanted(string name) => _toAdd.Contains(name) || (_told.Contains(name) && !_toRemove.Contains(name));

    private DeltaDiscoveryRequest? TakeWildcard(int maxBytes)
    {
        if (_started)
            return null;
        var request = Start();
        var size = 0L;
        foreach (var (name, version) in _held)
            size += name.Length + version.Length + EntryOverhead;
        // The versions cannot be spread over requests: the first one is answered at once. Without them the answer is the whole set.
        IsNextResponseComplete = size > maxBytes;
        if (!IsNextResponseComplete)
        {
            foreach (var (name, version) in _held)
                request.InitialResourceVersions.Add(name, version);
        }
        return request;
    }

    private DeltaDiscoveryRequest? TakeNames(int maxBytes)
    {
        if (_toRemove.Count > 0)
        {
            // Alone, because a server may read unsubscriptions after subscriptions, and a name can be in both.
            var request = new DeltaDiscoveryRequest { TypeUrl = TypeUrl };
            Move(_toRemove, maxBytes, name =>
            {
                request.ResourceNamesUnsubscribe.Add(name);
                _told.Remove(name);
            });
            return request;
        }
        if (_toAdd.Count == 0)
            return null;
        var first = !_started;
        var asking = Start();
        Move(_toAdd, first ? maxBytes / 2 : maxBytes, name =>
        {
            asking.ResourceNamesSubscribe.Add(name);
            if (first && _held.TryGetValue(name, out var version))
                asking.InitialResourceVersions.Add(name, version);
            _told.Add(name);
        });
        return asking;
    }

    private DeltaDiscoveryRequest Start()
    {
        _started = IsSubscribed = true;
        return new DeltaDiscoveryRequest { TypeUrl = TypeUrl };
    }

    private static void Move(HashSet<string> from, int maxBytes, Action<string> to)
    {
        var size = 0;
        List<string> moved = [];
        foreach (var name in from)
        {
            size += name.Length + EntryOverhead;
            if (size > maxBytes && moved.Count > 0)
                break;
            moved.Add(name);
        }
        foreach (var name in moved)
        {
            from.Remove(name);
            to(name);
        }
    }
}
