using Waypoint.Model.Failures;

namespace Waypoint.Proxy.Upstream;

/// <summary>No connection to an endpoint could be opened. Crosses SocketsHttpHandler and the forwarder, which only carry exceptions; the attempt turns it back into its reason.</summary>
internal sealed class UpstreamConnectException(FailureReason reason, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>One of the connect failures.</summary>
    public FailureReason Reason { get; } = reason;
}
