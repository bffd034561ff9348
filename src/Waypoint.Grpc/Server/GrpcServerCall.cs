using Google.Protobuf;
using Waypoint.Grpc.Framing;

namespace Waypoint.Grpc.Server;

/// <summary>One call as its handler sees it. One reader and one writer at a time; the two may be different threads.</summary>
/// <typeparam name="TRequest">Message that is received.</typeparam>
/// <typeparam name="TResponse">Message that is sent.</typeparam>
public sealed class GrpcServerCall<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly MessageParser<TRequest> _parser;
    private readonly int _maxLength;

    internal GrpcServerCall(GrpcServerContext context, MessageParser<TRequest> parser, int maxLength)
    {
        Context = context;
        _parser = parser;
        _maxLength = maxLength;
    }

    /// <summary>Metadata and cancellation.</summary>
    public GrpcServerContext Context { get; }

    /// <summary>The next message, or null when the client has half-closed.</summary>
    /// <param name="cancellation">Gives up the wait; the call's own end does too.</param>
    /// <exception cref="GrpcException">Not acceptable; let it pass and it becomes the status.</exception>
    public ValueTask<TRequest?> ReadAsync(CancellationToken cancellation) =>
        MessageReader.ReadAsync(Context.Http.Request.BodyReader, _parser, _maxLength, cancellation);

    /// <summary>Sends a message and waits until the transport has taken it (flow control).</summary>
    /// <param name="message">To send.</param>
    /// <param name="cancellation">Gives up the wait.</param>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public async ValueTask WriteAsync(TResponse message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var output = Context.Http.Response.BodyWriter;
        MessageFrame.Write(message, output);
        var result = await output.FlushAsync(cancellation);
        if (result.IsCanceled || result.IsCompleted)
            throw new OperationCanceledException("the client is gone");
    }

    /// <summary>Sends the response headers before there is a message.</summary>
    /// <param name="cancellation">Gives up the wait.</param>
    public Task StartAsync(CancellationToken cancellation) => Context.Http.Response.StartAsync(cancellation);
}
