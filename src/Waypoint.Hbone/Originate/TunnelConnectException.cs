namespace Waypoint.Hbone.Originate;

/// <summary>No tunnel to a target came about. No byte of the tunnel was sent, so another endpoint may be tried.</summary>
public sealed class TunnelConnectException : IOException
{
    /// <summary>A failure with its kind.</summary>
    public TunnelConnectException(TunnelConnectFailure failure, string message, Exception? inner = null, int? status = null) : base(message, inner)
    {
        Failure = failure;
        Status = status;
    }

    /// <summary>What failed.</summary>
    public TunnelConnectFailure Failure { get; }

    /// <summary>Status of the answer to CONNECT for <see cref="TunnelConnectFailure.ConnectRejected"/>: 401 policy of the destination, 503 application not reachable, 400 stale
    /// address; else null.</summary>
    public int? Status { get; }
}
