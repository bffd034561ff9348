using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.Outliers;

namespace Waypoint.Proxy.Upstream;

/// <summary>What is mutable about one endpoint of one cluster: its pooled inner connections and the count of requests in flight.
/// It lives as long as the endpoint's address and identity stay the same, so a new weight or health keeps the pools.</summary>
internal sealed class EndpointRuntime
{
    private const int Disposed = int.MinValue / 2;

    private readonly UpstreamHandlerFactory _handlers;
    private HttpMessageInvoker? _http11;
    private HttpMessageInvoker? _http2;
    private ClusterHealth? _health;
    private OutlierHost? _outlier;
    private int _inFlight;
    private int _retired;

    public EndpointRuntime(ClusterConfig cluster, Endpoint endpoint, UpstreamHandlerFactory handlers)
    {
        Cluster = cluster;
        Endpoint = endpoint;
        _handlers = handlers;
    }

    /// <summary>The cluster options the pools were made with.</summary>
    public ClusterConfig Cluster { get; }

    /// <summary>The endpoint; weight and health may change under the same runtime.</summary>
    public Endpoint Endpoint { get; private set; }

    /// <summary>Scheme and address in front of every request's path: the key of the pool inside the handler.</summary>
    public string UriPrefix => field ??= "http://" + (Endpoint.Address?.ToString() ?? Endpoint.AddressText);

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

    /// <summary>The pool that speaks <paramref name="version"/> to this endpoint, made at first use.</summary>
    public HttpMessageInvoker Invoker(Version version)
    {
        ref HttpMessageInvoker? slot = ref version == HttpVersion.Version20 ? ref _http2 : ref _http11;
        return Volatile.Read(ref slot) ?? Create(ref slot, version);
    }

    private HttpMessageInvoker Create(ref HttpMessageInvoker? slot, Version version)
    {
        HttpMessageInvoker made = _handlers.Create(Cluster, Endpoint, version);
        if (Interlocked.CompareExchange(ref slot, made, null) is { } first)
        {
            made.Dispose();
            return first;
        }

        return made;
    }

    private void TryDispose()
    {
        // Disposed is so far below zero that late TryAcquire calls cannot lift it back above.
        if (Interlocked.CompareExchange(ref _inFlight, Disposed, 0) == 0)
        {
            _http11?.Dispose();
            _http2?.Dispose();
        }
    }
}
