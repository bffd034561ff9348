using Google.Protobuf;
using Grpc.Core;

namespace Waypoint.Grpc.Client;

/// <summary>The library's call in both directions, with the end of the call told as <see cref="IGrpcCall{TRequest,TResponse}"/> has it.</summary>
internal sealed class GrpcCall<TRequest, TResponse>(AsyncDuplexStreamingCall<TRequest, TResponse> call, CallEnd end, GrpcChannel channel) : IGrpcCall<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private GrpcException? _failure;
    private bool _ended;
    private bool _disposed;

    public IReadOnlyList<GrpcHeader> ResponseHeaders { get; private set; } = [];

    public IReadOnlyList<GrpcHeader> Trailers { get; private set; } = [];

    public async ValueTask<bool> WriteAsync(TRequest message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            await call.RequestStream.WriteAsync(message, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (CallEnd.IsEnd(e) || (e is InvalidOperationException && IsComplete()))
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    public async ValueTask CompleteAsync()
    {
        try
        {
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (CallEnd.IsEnd(e) || (e is InvalidOperationException && IsComplete()))
        {
            // The call has ended already; reads say how.
        }
    }

    public async ValueTask<TResponse?> ReadAsync(CancellationToken cancellation)
    {
        if (_ended)
            return _failure is null ? null : throw _failure;
        try
        {
            var more = await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false);
            await TakeHeadersAsync().ConfigureAwait(false);
            if (more)
                return call.ResponseStream.Current;
            End(call.GetTrailers(), null);
            return null;
        }
        catch (Exception e) when (CallEnd.IsEnd(e))
        {
            await TakeHeadersAsync().ConfigureAwait(false);
            var failure = end.Failure(e, _disposed ? new GrpcStatus(GrpcStatusCode.Cancelled, "the call was disposed") : channel.Closed, cancellation);
            End((e as RpcException)?.Trailers ?? [], failure as GrpcException ?? new GrpcException(GrpcStatusCode.Cancelled, failure.Message));
            throw failure;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed)
            return ValueTask.CompletedTask;
        _disposed = true;
        call.Dispose();
        end.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask TakeHeadersAsync()
    {
        if (ResponseHeaders.Count == 0 && call.ResponseHeadersAsync.IsCompletedSuccessfully)
            ResponseHeaders = CallMetadata.Of(await call.ResponseHeadersAsync.ConfigureAwait(false));
    }

    private void End(Metadata trailers, GrpcException? failure)
    {
        _ended = true;
        _failure = failure;
        Trailers = CallMetadata.Of(trailers);
    }

    /// <summary>The library offers no question, only an exception.</summary>
    private bool IsComplete()
    {
        try
        {
            call.GetStatus();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
