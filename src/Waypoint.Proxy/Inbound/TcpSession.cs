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

    public FilterChain Chain { get; } = chain;

    public TunnelContext Context { get; } = context;

    public string? Cluster { get; set; }

    /// <summary>Host and port that the client asked for itself, in its TLS hello; null where nobody asks.</summary>
    public string? RequestedHost { get; set; }

    public EndpointRuntime? Endpoint { get; set; }

    public FailureReason Failure { get; set; }

    public string? TransportFailure { get; set; }

    public string? TerminationDetails { get; set; }

    /// <summary>Bytes from the client.</summary>
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    /// <summary>Bytes to the client.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

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
