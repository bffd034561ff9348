namespace Waypoint.Grpc.Client;

/// <summary>One call. One writer and one reader at a time; the two may be different threads. Disposing it early resets the stream.</summary>
/// <typeparam name="TRequest">Message that is sent.</typeparam>
/// <typeparam name="TResponse">Message that is received.</typeparam>
public interface IGrpcCall<in TRequest, TResponse> : IAsyncDisposable
    where TResponse : class
{
    /// <summary>Sends a message and waits until the transport has taken it (flow control).</summary>
    /// <param name="message">To send.</param>
    /// <param name="cancellation">Gives up the wait and, because half a message may be out, the call.</param>
    /// <returns>False when the call has ended: <see cref="ReadAsync"/> says why. A server may answer before it has read everything.</returns>
    ValueTask<bool> WriteAsync(TRequest message, CancellationToken cancellation);

    /// <summary>No more messages will be sent.</summary>
    ValueTask CompleteAsync();

    /// <summary>The next message, or null when the server has ended the call with success.</summary>
    /// <param name="cancellation">Gives up the wait and the call.</param>
    /// <exception cref="GrpcException">The call ended otherwise: status of the server, lost connection, deadline, or a message that is not acceptable.</exception>
    /// <exception cref="OperationCanceledException">The caller's own token, here or of the call.</exception>
    ValueTask<TResponse?> ReadAsync(CancellationToken cancellation);

    /// <summary>Metadata at the start of the response; empty before the first read has returned.</summary>
    IReadOnlyList<GrpcHeader> ResponseHeaders { get; }

    /// <summary>Metadata at its end; empty before the last read has returned or thrown.</summary>
    IReadOnlyList<GrpcHeader> Trailers { get; }
}
