using Google.Protobuf;

namespace Waypoint.Grpc.Client;

/// <summary>
/// Opens calls. What uses gRPC in this project sees only this and <see cref="IGrpcCall{TRequest,TResponse}"/>, which the usual
/// client library for .NET could implement; it is not used because parts of it are missing from the registry this is built against.
/// </summary>
public interface IGrpcChannel : IDisposable
{
    /// <summary>
    /// Starts a call in both directions; the connection is made in the background, and failures come out of reads.
    /// <see cref="GrpcChannelCalls"/> makes unary and one-way streaming calls of it.
    /// </summary>
    /// <param name="method">What to call.</param>
    /// <param name="options">Deadline and metadata.</param>
    /// <param name="cancellation">Ends the call at any time; the server sees a reset stream.</param>
    IGrpcCall<TRequest, TResponse> Start<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>;
}
