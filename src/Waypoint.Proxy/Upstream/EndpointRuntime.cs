using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.Outliers;
using Waypoint.Proxy.Upstream.Dns;
using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Upstream;

/// <summary>What is mutable about one endpoint of one cluster: its pooled inner connections and the count of requests in flight.
/// It lives as long as the endpoint's address and identity stay the same, so a new weight or health keeps the pools.</summary>
internal sealed class EndpointRuntime
{
    private const int Disposed = int.MinValue / 2;

    private readonly UpstreamHandlerFactory _handlers;
    private EndpointPools? _pools;
    private UpstreamUris? _uris;
    private ClusterHealth? _health;
    private OutlierHost? _outlier;
    private int _inFlight;
    private int _retired;

    public EndpointRuntime(ClusterConfig cluster, Endpoint endpoint, UpstreamHandlerFactory handlers)
    {
        Cluster = cluster;
        Endpoint = endpoint;
        Socket = TransportSocketChooser.Of(cluster, endpoint);
        _handlers = handlers;
    }

    /// <summary>Made at first use: a waypoint of a large mesh talks to few of its endpoints.</summary>
    private EndpointPools Pools => _pools ?? Interlocked.CompareExchange(ref _pools, new EndpointPools(_handlers, Cluster, Endpoint), null) ?? _pools;

    /// <summary>The cluster options the pools were made with.</summary>
    public ClusterConfig Cluster { get; }

    /// <summary>What is put around the bytes on their way there.</summary>
    public TransportSocketChoice Socket { get; }

    /// <summary>The endpoint; weight and health may change under the same runtime.</summary>
    public Endpoint Endpoint { get; private set; }

    /// <summary>Scheme and address in front of every request's path: the key of the pool inside the handler.</summary>
    public string UriPrefix => field ??= "http://" + (Endpoint.Address?.ToString() ?? Endpoint.AddressText);

    /// <summary>Where a request for <paramref name="path"/> goes.</summary>
    public Uri UriOf(string path) => (_uris ?? Interlocked.CompareExchange(ref _uris, new UpstreamUris(UriPrefix), null) ?? _uris).Get(path);

    /// <summary>The endpoint as the access log names it (UPSTREAM_HOST).</summary>
    public string LogName => field ??= Endpoint.FullAddressText;

    /// <summary>Requests (and TCP connections) in flight: what least-request balancing compares.</summary>
    public int ActiveRequests => Math.Max(0, Volatile.Read(ref _inFlight));

    /// <summary>Priority of the endpoint's locality, counted from 0 without gaps.</summary>
    public int Priority { get; set; }

    /// <summary>Timestamp since which the endpoint warms up: it came, or EDS found it healthy again.</summary>
    public long WarmSince { get; set; }

    /// <summary>Taken out by outlier detection.</summary>
    public bool IsEjected => _outlier is { IsEjected: true };

    /// <summary>May be picked: EDS and outlier detection agree that it is healthy.</summary>
    public bool IsHealthy => Endpoint.Health == EndpointHealth.Healthy && !IsEjected;

    /// <summary>Puts the endpoint under observation, or takes it out. The memory of <paramref name="former"/>, the runtime that stood for the address before, goes on here.
    /// Called by the cluster's one writer.</summary>
    public void Observe(ClusterHealth? health, EndpointRuntime? former)
    {
        if (ReferenceEquals(health, _health) && health is not null)
        {
            return;
        }

        if (_outlier is not null)
        {
            _health?.Remove(_outlier);
        }

        _outlier = health is null ? null : former is not null && ReferenceEquals(former._health, health) ? former._outlier : new OutlierHost(LogName);
        if (_outlier is not null)
        {
            health!.Add(_outlier);
        }

        Volatile.Write(ref _health, health);
    }

    /// <summary>Reports an answer to outlier detection.</summary>
    public void Answered(int status)
    {
        if (Volatile.Read(ref _health) is { } health && _outlier is { } outlier)
        {
            health.Answered(outlier, status);
        }
    }

    /// <summary>Reports a connection for opaque bytes to outlier detection.</summary>
    public void Connected()
    {
        if (Volatile.Read(ref _health) is { } health && _outlier is { } outlier)
        {
            health.Connected(outlier);
        }
    }

    /// <summary>Reports a try without an answer to outlier detection.</summary>
    public void Failed(FailureReason failure)
    {
        if (Volatile.Read(ref _health) is { } health && _outlier is { } outlier)
        {
            health.Failed(outlier, failure);
        }
    }

    /// <summary>Counts one request in; false if the endpoint is gone and its pools are closed, then pick again.</summary>
    public bool TryAcquire()
    {
        if (Interlocked.Increment(ref _inFlight) > 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _inFlight);
        return false;
    }

    /// <summary>Counts one request out; the last one out of a retired endpoint closes the pools.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0 && Volatile.Read(ref _retired) != 0)
        {
            TryDispose();
        }
    }

    /// <summary>The endpoint left its cluster: nothing new is started here; the pools close when the last request ends, at once if there is none.</summary>
    public void Retire()
    {
        Volatile.Write(ref _retired, 1);
        TryDispose();
    }

    /// <summary>True if this runtime's pools may serve <paramref name="cluster"/> and <paramref name="endpoint"/>: same place, same identity, same transport.</summary>
    public bool Serves(ClusterConfig cluster, Endpoint endpoint) =>
        Endpoint.Kind == endpoint.Kind
        && Equals(Endpoint.Address, endpoint.Address)
        && Endpoint.AddressText == endpoint.AddressText
        && Endpoint.DoubleHboneTarget == endpoint.DoubleHboneTarget
        && Endpoint.OtherAddresses == endpoint.OtherAddresses
        && Endpoint.Workload == endpoint.Workload
        && Endpoint.SocketLabels == endpoint.SocketLabels
        && UpstreamHandlerFactory.SameTransport(Cluster, cluster);

    /// <summary>Notes a new weight or health of the endpoint it <see cref="Serves"/>.</summary>
    public EndpointRuntime WithEndpoint(Endpoint endpoint, TimeProvider time)
    {
        if (endpoint.Health == EndpointHealth.Healthy && Endpoint.Health != EndpointHealth.Healthy)
        {
            WarmSince = time.GetTimestamp();
        }

        Endpoint = endpoint;
        return this;
    }

    /// <summary>A lease on the pool that speaks <paramref name="version"/> to this endpoint, made at first use. The caller has acquired the endpoint.</summary>
    public PoolLease Rent(Version version, PoolVariant variant) => Pools.Rent(version, variant);

    /// <summary>What a connection to this endpoint depends on for one request: nothing, in the common case.</summary>
    /// <param name="authority">The authority as it goes to the upstream.</param>
    /// <param name="source">The client's address; null for a request of our own.</param>
    /// <param name="destination">What the client dialled; null if that is no address.</param>
    /// <param name="worker">Who serves the client's connection; matters for tunnels, whose connections many requests share.</param>
    public PoolVariant VariantFor(string? authority, IPEndPoint? source, IPEndPoint? destination, int worker = 0)
    {
        bool named = Socket.Tls is not null && Cluster.Connections is { AutoServerName: true } or { AutoNameValidation: true };
        bool told = Socket.ProxyProtocol != ProxyProtocolVersion.None;
        if (!named && !told)
        {
            return Endpoint.Kind == EndpointKind.Hbone ? PoolVariant.Of(worker) : PoolVariant.None;
        }

        string? host = named && HostPort.TryParse(authority, 80, out HostPort place) ? place.Host : null;
        return new PoolVariant(host, told ? source : null, told ? destination : null);
    }

    private void TryDispose()
    {
        // Disposed is so far below zero that late TryAcquire calls cannot lift it back above.
        if (Interlocked.CompareExchange(ref _inFlight, Disposed, 0) == 0)
        {
            Volatile.Read(ref _pools)?.Dispose();
        }
    }
}
