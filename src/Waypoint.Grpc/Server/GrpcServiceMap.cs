using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Waypoint.Grpc.Server;

/// <summary>Methods and their handlers, given to the library one by one: no class per service has to be generated.</summary>
/// <param name="maxReceiveMessageBytes">Largest accepted request message. Default 256 MiB; istiod has 4 MiB.</param>
public sealed class GrpcServiceMap(int maxReceiveMessageBytes = 256 << 20)
{
    private readonly Dictionary<string, Action<ServiceMethodProviderContext<GrpcServiceMap>>> _methods = new(StringComparer.Ordinal);

    /// <summary>Largest accepted request message, in bytes.</summary>
    public int MaxReceiveMessageBytes => maxReceiveMessageBytes;

    /// <summary>One message each way.</summary>
    /// <param name="method">To serve.</param>
    /// <param name="handler">Throws <see cref="GrpcException"/> for a status other than Ok.</param>
    public GrpcServiceMap Unary<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcServerContext, ValueTask<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Duplex(method, async call => await call.WriteAsync(await handler(await SingleAsync(call), call.Context), call.Context.Cancellation));

    /// <summary>One message in, many out.</summary>
    /// <param name="method">To serve.</param>
    /// <param name="handler">Writes to the call; the stream ends when it returns.</param>
    public GrpcServiceMap ServerStreaming<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcServerCall<TRequest, TResponse>, Task> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Duplex(method, async call => await handler(await SingleAsync(call), call));

    /// <summary>Many messages in, one out.</summary>
    /// <param name="method">To serve.</param>
    /// <param name="handler">Reads from the call until null, and returns the answer.</param>
    public GrpcServiceMap ClientStreaming<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<GrpcServerCall<TRequest, TResponse>, ValueTask<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Duplex(method, async call => await call.WriteAsync(await handler(call), call.Context.Cancellation));

    /// <summary>Messages both ways, independently. The kind of a method does not show on the wire, so that this serves them all.</summary>
    /// <param name="method">To serve; an earlier handler of the same method is replaced.</param>
    /// <param name="handler">The stream ends when it returns or throws.</param>
    public GrpcServiceMap Duplex<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<GrpcServerCall<TRequest, TResponse>, Task> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(handler);
        _methods[method.Path] = context => context.AddDuplexStreamingMethod(
            method.AsDuplex, [], (_, requests, responses, call) => ServeAsync(handler, new GrpcServerCall<TRequest, TResponse>(requests, responses, new GrpcServerContext(call))));
        return this;
    }

    /// <summary>Gives every method to a server that starts.</summary>
    internal void AddTo(ServiceMethodProviderContext<GrpcServiceMap> server)
    {
        foreach (var add in _methods.Values)
            add(server);
    }

    private static async Task ServeAsync<TRequest, TResponse>(Func<GrpcServerCall<TRequest, TResponse>, Task> handler, GrpcServerCall<TRequest, TResponse> call)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        try
        {
            await handler(call);
        }
        catch (GrpcException e)
        {
            throw new RpcException(e.Status.ToLibrary(e));
        }
    }

    private static async ValueTask<TRequest> SingleAsync<TRequest, TResponse>(GrpcServerCall<TRequest, TResponse> call)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        await call.ReadAsync(call.Context.Cancellation)
        ?? throw new GrpcException(GrpcStatusCode.Internal, "the request has no message");
}
