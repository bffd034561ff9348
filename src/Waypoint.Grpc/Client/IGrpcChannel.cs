using Google.Protobuf;

namespace Waypoint.Grpc.Client;

/// <summary>
/// Opens calls. What uses gRPC in this project sees only this and <see cref="IGrpcCall{TRequest,TResponse}"/>, which say how calls end
/// and run on a clock that tests can turn; Grpc.Net.Client is behind it.
/// </summary>
public interface IGrpcChannel : IDisposable
{
    /// <summary>
    /// Starts a call in both directions; the connection is made in the background, and failures come out of reads.
    /// <see cref="GrpcChannelCalls"/> makes one-way streaming calls of it.
    /// </summary>
    /// <param name="method">What to call.</param>
    /// <param name="options">Deadline and metadata.</param>
    /// <param name="cancellation">Ends the call at any time; the server sees a reset stream.</param>
    IGrpcCall<TRequest, TResponse> Start<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>;

    /// <summary>One message each way.</summary>
    /// <param name="method">What to call.</param>
    /// <param name="request">To send.</param>
    /// <param name="options">Deadline and metadata.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="GrpcException">The call did not succeed, or succeeded without an answer.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was set.</exception>
    Task<TResponse> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>;
}
