using System.Collections.Concurrent;
using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>Endpoints of a cluster whose hosts come from the requests (dynamic forward proxy). Each is resolved at its first request, kept resolved while it is used, and forgotten
/// after <see cref="DynamicForwardSettings.HostTtl"/>. Bounded in hosts and in requests that wait. Thread-safe.</summary>
internal sealed class DynamicHosts(UpstreamHandlerFactory handlers) : IDisposable
{
    private readonly ConcurrentDictionary<HostPort, Host> _hosts = new();
    private readonly Lock _gate = new();
    private long _lastSweep = handlers.Time.GetTimestamp();
    private int _waiting;
    private bool _disposed;

    /// <summary>Hosts at the moment.</summary>
    public int Count => _hosts.Count;

    /// <summary>An endpoint that is acquired (the caller releases it), or null with the reason.</summary>
    public async ValueTask<(EndpointRuntime? Endpoint, FailureReason Failure)> AcquireAsync(
        ClusterConfig cluster, DynamicForwardSettings settings, HostPort place, CancellationToken cancellation)
    {
        if (Find(cluster, settings, place) is not { } host)
        {
            return (null, FailureReason.Overflow);
        }

        Volatile.Write(ref host.LastUsed, handlers.Time.GetTimestamp());
        if (host.Name is { } name && name.Addresses.Count == 0)
        {
            if (!name.FirstAnswer.IsCompleted && !await WaitAsync(name, settings, cancellation).ConfigureAwait(false))
            {
                return (null, FailureReason.Overflow);
            }

            if (name.Addresses.Count == 0)
            {
                return (null, FailureReason.DnsResolutionFailed);
            }
        }

        return host.Endpoint.TryAcquire() ? (host.Endpoint, FailureReason.None) : (null, FailureReason.NoHealthyUpstream);
    }

    /// <summary>The cluster is gone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (HostPort key in _hosts.Keys)
            {
                Remove(key);
            }
        }
    }

    private async ValueTask<bool> WaitAsync(ResolvedName name, DynamicForwardSettings settings, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > settings.MaxPendingRequests)
            {
                return false;
            }

            await name.FirstAnswer.WaitAsync(settings.QueryTimeout, handlers.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private Host? Find(ClusterConfig cluster, DynamicForwardSettings settings, HostPort place)
    {
        if (_hosts.TryGetValue(place, out Host? known) && UpstreamHandlerFactory.SameTransport(known.Endpoint.Cluster, cluster) && !IsSweepDue(settings))
        {
            return known;
        }

        lock (_gate)
        {
            Sweep_Locked(settings);
            if (_hosts.TryGetValue(place, out known))
            {
                if (UpstreamHandlerFactory.SameTransport(known.Endpoint.Cluster, cluster))
                {
                    return known;
                }

                Remove(place);
            }

            if (_disposed || _hosts.Count >= settings.MaxHosts)
            {
                return null;
            }

            return _hosts[place] = Create(cluster, settings, place);
        }
    }

    private Host Create(ClusterConfig cluster, DynamicForwardSettings settings, HostPort place)
    {
        long now = handlers.Time.GetTimestamp();
        if (IPAddress.TryParse(place.Host, out IPAddress? address))
        {
            var at = new IPEndPoint(address, place.Port);
            return new Host(new EndpointRuntime(cluster, new Endpoint { Kind = EndpointKind.Direct, Address = at, AddressText = at.ToString() }, handlers), null) { LastUsed = now };
        }

        var endpoint = new Endpoint { Kind = EndpointKind.HostName, AddressText = $"{place.Host}:{place.Port}", Hostname = place.Host };
        return new Host(new EndpointRuntime(cluster, endpoint, handlers), handlers.Names.Hold(place.Host, settings.Dns)) { LastUsed = now };
    }

    private bool IsSweepDue(DynamicForwardSettings settings) => handlers.Time.GetElapsedTime(Volatile.Read(ref _lastSweep)) > settings.HostTtl / 4;

    private void Sweep_Locked(DynamicForwardSettings settings)
    {
        if (!IsSweepDue(settings) && _hosts.Count < settings.MaxHosts)
        {
            return;
        }

        Volatile.Write(ref _lastSweep, handlers.Time.GetTimestamp());
        foreach (KeyValuePair<HostPort, Host> entry in _hosts)
        {
            if (handlers.Time.GetElapsedTime(Volatile.Read(ref entry.Value.LastUsed)) > settings.HostTtl && entry.Value.Endpoint.ActiveRequests == 0)
            {
                Remove(entry.Key);
            }
        }
    }

    private void Remove(HostPort key)
    {
        if (_hosts.TryRemove(key, out Host? host))
        {
            host.Endpoint.Retire();
            if (host.Name is { } name)
            {
                handlers.Names.Release(name);
            }
        }
    }

    private sealed class Host(EndpointRuntime endpoint, ResolvedName? name)
    {
        public long LastUsed;

        public EndpointRuntime Endpoint => endpoint;

        /// <summary>Null for a host that is an address.</summary>
        public ResolvedName? Name => name;
    }
}
