using Waypoint.Model.Clusters;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Inbound;

/// <summary>What is noted about one opaque connection for its access-log record.</summary>
internal sealed class TcpSession(FilterChain chain, TunnelContext context)
{
    private long _bytesReceived;
    private long _bytesSent;
    private uint _slotLimit;

    public FilterChain Chain { get; } = chain;

    public TunnelContext Context { get; } = context;

    public string? Cluster { get; set; }

    /// <summary>Host and port that the client asked for itself, in its TLS hello; null where nobody asks.</summary>
    public string? RequestedHost { get; set; }

    public EndpointRuntime? Endpoint { get; set; }

    /// <summary>Connections of the cluster that this one occupies a slot of; null if they are not limited.</summary>
    public ConnectionSlots? Slots { get; private set; }

    public FailureReason Failure { get; set; }

    public string? TransportFailure { get; set; }

    public string? TerminationDetails { get; set; }

    /// <summary>Bytes from the client.</summary>
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    /// <summary>Bytes to the client.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Takes one of the cluster's connections at <paramref name="endpoint"/>, which is acquired; false if all are in use.</summary>
    public bool TryOccupy(EndpointRuntime endpoint, CircuitBreaker breaker, CircuitBreakerLimits limits)
    {
        Endpoint = endpoint;
        if (limits.MaxConnections >= int.MaxValue)
        {
            return true;
        }

        if (!breaker.Connections.TryTakeNow(limits.MaxConnections))
        {
            breaker.NoteOverflow();
            return false;
        }

        Slots = breaker.Connections;
        _slotLimit = limits.MaxConnections;
        return true;
    }

    /// <summary>The endpoint is no longer used.</summary>
    public void Leave()
    {
        Endpoint?.Release();
        Slots?.Release(_slotLimit);
        Slots = null;
    }

    /// <summary>Counts a step of a pump; also tells the idle check that something moves.</summary>
    public void Count(bool fromClient, long bytes)
    {
        if (fromClient)
        {
            Interlocked.Add(ref _bytesReceived, bytes);
        }
        else
        {
            Interlocked.Add(ref _bytesSent, bytes);
        }
    }
}
