using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Waypoint.Grpc.Client;

/// <summary>Calls that stream one way.</summary>
public static class GrpcChannelCalls
{
    /// <summary>Many messages out, one back.</summary>
    /// <param name="channel">To call over.</param>
    /// <param name="method">What to call.</param>
    /// <param name="requests">To send; no more are taken once the server has ended the call.</param>
    /// <param name="options">Deadline and metadata.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="GrpcException">The call did not succeed, or succeeded without an answer.</exception>
    public static async Task<TResponse> ClientStreamingAsync<TRequest, TResponse>(
        this IGrpcChannel channel, GrpcMethod<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, GrpcCallOptions options, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(requests);
        await using var call = channel.Start(method, options, cancellation);
        await foreach (var request in requests.WithCancellation(cancellation))
        {
            if (!await call.WriteAsync(request, cancellation))
                break;
        }
        await call.CompleteAsync();
        return await SingleAsync(call, cancellation);
    }

    /// <summary>One message out, many back. Leaving the loop early ends the call.</summary>
    /// <param name="channel">To call over.</param>
    /// <param name="method">What to call.</param>
    /// <param name="request">To send.</param>
    /// <param name="options">Deadline and metadata.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="GrpcException">The call did not succeed.</exception>
    public static async IAsyncEnumerable<TResponse> ServerStreamingAsync<TRequest, TResponse>(
        this IGrpcChannel channel, GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options, [EnumeratorCancellation] CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(channel);
        await using var call = channel.Start(method, options, cancellation);
        if (await call.WriteAsync(request, cancellation))
            await call.CompleteAsync();
        while (await call.ReadAsync(cancellation) is { } response)
            yield return response;
    }

    /// <summary>The second read waits for the trailers: a message alone is no success.</summary>
    private static async ValueTask<TResponse> SingleAsync<TRequest, TResponse>(IGrpcCall<TRequest, TResponse> call, CancellationToken cancellation)
        where TResponse : class
    {
        var response = await call.ReadAsync(cancellation)
            ?? throw new GrpcException(GrpcStatusCode.Internal, "the call succeeded without a message");
        return await call.ReadAsync(cancellation) is null
            ? response
            : throw new GrpcException(GrpcStatusCode.Internal, "more than one message where one was expected");
    }
}
