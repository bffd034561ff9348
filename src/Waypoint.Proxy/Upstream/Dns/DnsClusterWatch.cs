using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>One DNS cluster in one version of its configuration: holds its names and publishes its endpoints whenever one of them changes.</summary>
internal sealed class DnsClusterWatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResolvedName> _held = new(StringComparer.OrdinalIgnoreCase);
    private readonly NameTable _names;
    private readonly ActiveSnapshot _snapshots;
    private bool _disposed;

    public DnsClusterWatch(ClusterConfig config, NameTable names, ActiveSnapshot snapshots, ClusterRuntime runtime)
    {
        Config = config;
        _names = names;
        _snapshots = snapshots;
        foreach (LocalityEndpoints locality in config.NamedEndpoints!.Localities)
        {
            foreach (Endpoint endpoint in locality.Endpoints)
            {
                if (endpoint.Kind == EndpointKind.HostName && HostPort.TryParse(endpoint.AddressText, 0, out HostPort place) && !_held.ContainsKey(place.Host))
                {
                    ResolvedName name = names.Hold(place.Host, config.Dns!);
                    name.Changed += Publish;
                    _held.Add(place.Host, name);
                }
            }
        }

        // Requests that come before the first answer wait for it, instead of being told that there is nobody.
        runtime.NamesAnswered = Task.WhenAll(_held.Values.Select(static name => name.FirstAnswer));
        Publish();
    }

    /// <summary>The configuration that is watched.</summary>
    public ClusterConfig Config { get; }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        foreach (ResolvedName name in _held.Values)
        {
            name.Changed -= Publish;
            _names.Release(name);
        }
    }

    private void Publish()
    {
        // Two names may change at the same time; the later publication must be the one with both.
        lock (_gate)
        {
            if (!_disposed)
            {
                _snapshots.PublishEndpoints(Config.Name, Resolved());
            }
        }
    }

    private ClusterEndpoints Resolved()
    {
        ClusterEndpoints named = Config.NamedEndpoints!;
        return named with { Localities = [.. named.Localities.Select(locality => locality with { Endpoints = [.. locality.Endpoints.SelectMany(Expand)] })] };
    }

    private IEnumerable<Endpoint> Expand(Endpoint endpoint)
    {
        if (endpoint.Kind != EndpointKind.HostName)
        {
            return [endpoint];
        }

        if (!HostPort.TryParse(endpoint.AddressText, 0, out HostPort place) || !_held.TryGetValue(place.Host, out ResolvedName? name))
        {
            return [];
        }

        // LOGICAL_DNS is one host whose address is looked up with each connection; STRICT_DNS as many as there are addresses.
        if (Config.Discovery == ClusterDiscovery.LogicalDns)
        {
            return name.Addresses.Count > 0 ? [endpoint] : [];
        }

        return name.Addresses.Select(address =>
        {
            var at = new IPEndPoint(address, place.Port);
            return endpoint with { Kind = EndpointKind.Direct, Address = at, AddressText = at.ToString(), Hostname = endpoint.Hostname ?? place.Host };
        });
    }
}
