using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Waypoint.Grpc.Server;

/// <summary>
/// Methods and their handlers. <see cref="HandleAsync"/> is a request delegate: it runs under <see cref="GrpcServer"/> or under
/// any other HTTP/2 host.
/// </summary>
public sealed class GrpcServiceMap
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _methods = new(StringComparer.Ordinal);
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly int _maxReceiveMessageBytes;

    /// <summary>An empty map: every method is Unimplemented.</summary>
    /// <param name="maxReceiveMessageBytes">Largest accepted request message. Default 256 MiB; istiod has 4 MiB.</param>
    /// <param name="time">Clock of deadlines; default the system's.</param>
    /// <param name="logger">For errors of handlers; default none.</param>
    public GrpcServiceMap(int maxReceiveMessageBytes = 256 << 20, TimeProvider? time = null, ILogger<GrpcServiceMap>? logger = null)
    {
        _maxReceiveMessageBytes = maxReceiveMessageBytes;
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger<GrpcServiceMap>.Instance;
    }

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

    /// <summary>Messages both ways, independently.</summary>
    /// <param name="method">To serve; an earlier handler of the same method is replaced.</param>
    /// <param name="handler">The stream ends when it returns or throws.</param>
    public GrpcServiceMap Duplex<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<GrpcServerCall<TRequest, TResponse>, Task> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(handler);
        _methods[method.Path] = http => ServerCallRunner.RunAsync(
            http, _time, _logger, context => handler(new GrpcServerCall<TRequest, TResponse>(context, method.RequestParser, _maxReceiveMessageBytes)));
        return this;
    }

    /// <summary>Serves one HTTP request.</summary>
    /// <param name="http">Of any kind: what is no gRPC request is answered 415.</param>
    public Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!HttpMethods.IsPost(http.Request.Method) || http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }
        if (_methods.TryGetValue(http.Request.Path.Value ?? "", out var method))
            return method(http);
        ServerCallRunner.End(http, new GrpcStatus(GrpcStatusCode.Unimplemented, $"unknown method {http.Request.Path.Value}"));
        return Task.CompletedTask;
    }

    private static async ValueTask<TRequest> SingleAsync<TRequest, TResponse>(GrpcServerCall<TRequest, TResponse> call)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        await call.ReadAsync(call.Context.Cancellation)
        ?? throw new GrpcException(GrpcStatusCode.Internal, "the request has no message");
}
