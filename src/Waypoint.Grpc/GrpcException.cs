namespace Waypoint.Grpc;

/// <summary>A call that did not end with <see cref="GrpcStatusCode.Ok"/>. On the server a handler throws it to choose the status.</summary>
public sealed class GrpcException : Exception
{
    /// <summary>An error with a status.</summary>
    /// <param name="status">Not <see cref="GrpcStatusCode.Ok"/>.</param>
    /// <param name="inner">What caused it, if that was an exception of the transport.</param>
    public GrpcException(GrpcStatus status, Exception? inner = null) : base(status.ToString(), inner) => Status = status;

    /// <summary>An error with a status.</summary>
    /// <param name="code">Not <see cref="GrpcStatusCode.Ok"/>.</param>
    /// <param name="message">For people; sent as <c>grpc-message</c>.</param>
    public GrpcException(GrpcStatusCode code, string message) : this(new GrpcStatus(code, message))
    {
    }

    /// <summary>How the call ended.</summary>
    public GrpcStatus Status { get; }
}
