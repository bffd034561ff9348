using Google.Protobuf;
using Grpc.Core;

namespace Waypoint.Grpc.Server;

/// <summary>One call as its handler sees it. One reader and one writer at a time; the two may be different threads.</summary>
/// <typeparam name="TRequest">Message that is received.</typeparam>
/// <typeparam name="TResponse">Message that is sent.</typeparam>
public sealed class GrpcServerCall<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly IAsyncStreamReader<TRequest> _requests;
    private readonly IServerStreamWriter<TResponse> _responses;

    internal GrpcServerCall(IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, GrpcServerContext context) =>
        (_requests, _responses, Context) = (requests, responses, context);

    /// <summary>Metadata and cancellation.</summary>
    public GrpcServerContext Context { get; }

    /// <summary>The next message, or null when the client has half-closed.</summary>
    /// <param name="cancellation">Gives up the wait; the call's own end does too.</param>
    /// <exception cref="RpcException">Not acceptable; let it pass and it becomes the status.</exception>
    public async ValueTask<TRequest?> ReadAsync(CancellationToken cancellation) =>
        await _requests.MoveNext(cancellation) ? _requests.Current : null;

    /// <summary>Sends a message and waits until the transport has taken it (flow control).</summary>
    /// <param name="message">To send.</param>
    /// <param name="cancellation">Gives up the wait.</param>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public async ValueTask WriteAsync(TResponse message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            await _responses.WriteAsync(message, cancellation);
        }
        catch (InvalidOperationException e) when (Context.Cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("the client is gone", e);
        }
    }

    /// <summary>Sends the response headers before there is a message.</summary>
    public Task StartAsync() => Context.StartAsync();
}
