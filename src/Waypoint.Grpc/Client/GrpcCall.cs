using System.IO.Pipelines;
using Google.Protobuf;
using Waypoint.Grpc.Framing;

namespace Waypoint.Grpc.Client;

/// <summary>
/// A call over one HTTP/2 request. The request is started before anything is written and its response is awaited only by the
/// first read: a streaming server may hold back its headers until it has read a message.
/// </summary>
internal sealed class GrpcCall<TRequest, TResponse> : IGrpcCall<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private const int BlockBytes = 64 << 10;

    private readonly GrpcMethod<TRequest, TResponse> _method;
    private readonly GrpcChannelOptions _channel;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource _stop;
    private readonly RequestContent _content = new();
    private readonly Task<HttpResponseMessage> _response;
    private PipeWriter? _output;
    private PipeReader? _input;
    private GrpcStatus? _end;
    private bool _disposed;

    public GrpcCall(
        HttpMessageInvoker invoker, HttpRequestMessage request, GrpcMethod<TRequest, TResponse> method,
        GrpcChannelOptions channel, TimeSpan? timeout, CancellationToken caller)
    {
        _method = method;
        _channel = channel;
        _caller = caller;
        _deadline = timeout is { } limit ? new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, channel.Time) : null;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(caller, _deadline?.Token ?? CancellationToken.None);
        if (timeout is { } told)
            request.Headers.TryAddWithoutValidation("grpc-timeout", TimeoutHeader.Format(told));
        request.Content = _content;
        _response = SendAsync(invoker, request);
    }

    public IReadOnlyList<GrpcHeader> ResponseHeaders { get; private set; } = [];

    public IReadOnlyList<GrpcHeader> Trailers { get; private set; } = [];

    public async ValueTask<bool> WriteAsync(TRequest message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var giveUp = StopWith(cancellation);
        try
        {
            _output ??= PipeWriter.Create(await _content.Stream, new StreamPipeWriterOptions(minimumBufferSize: BlockBytes, leaveOpen: true));
            MessageFrame.Write(message, _output);
            await _output.FlushAsync(_stop.Token);
            return true;
        }
        catch (Exception e) when (CallFailure.IsOfTransport(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    public ValueTask CompleteAsync()
    {
        _content.HalfClose();
        return ValueTask.CompletedTask;
    }

    public async ValueTask<TResponse?> ReadAsync(CancellationToken cancellation)
    {
        if (_end is { } ended)
            return ended.IsOk ? null : throw new GrpcException(ended);
        using var giveUp = StopWith(cancellation);
        try
        {
            if (_input is null)
            {
                _input = await OpenAsync(await _response);
                if (_input is null)
                    return End(_end!.Value);
            }
            if (await MessageReader.ReadAsync(_input, _method.ResponseParser, _channel.MaxReceiveMessageBytes, _stop.Token) is { } message)
                return message;
            var response = await _response;
            Trailers = ResponseEnd.Metadata(response.TrailingHeaders);
            return End(ResponseEnd.TryReadStatus(response.TrailingHeaders, out var status)
                ? status
                : new GrpcStatus(GrpcStatusCode.Internal, "the response ended without a status"));
        }
        catch (GrpcException e) when (_end is null)
        {
            // Found here, not told by the server: the stream must end too.
            _end = e.Status;
            Stop();
            throw;
        }
        catch (Exception e) when (CallFailure.IsOfTransport(e))
        {
            throw Failure(e, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_end is not { IsOk: true })
            Stop();
        _content.HalfClose();
        try
        {
            using var response = await _response;
            if (_input is not null)
                await _input.CompleteAsync();
        }
        catch (Exception e) when (e is GrpcException || CallFailure.IsOfTransport(e))
        {
            // Whoever cared has learned it from a read.
        }
        _deadline?.Dispose();
        _stop.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker invoker, HttpRequestMessage request)
    {
        try
        {
            if (_channel.BearerToken is not null)
                await AddTokenAsync(request);
            return await invoker.SendAsync(request, _stop.Token);
        }
        catch
        {
            _content.Abandon();
            throw;
        }
    }

    private async Task AddTokenAsync(HttpRequestMessage request)
    {
        string? token;
        try
        {
            token = await _channel.BearerToken!(_stop.Token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GrpcException(new GrpcStatus(GrpcStatusCode.Unauthenticated, "no token: " + e.Message), e);
        }
        if (!string.IsNullOrEmpty(token))
            request.Headers.TryAddWithoutValidation("authorization", "Bearer " + token);
    }

    /// <summary>Checks the head of the response; null when the call has ended with it.</summary>
    private async ValueTask<PipeReader?> OpenAsync(HttpResponseMessage response)
    {
        ResponseHeaders = ResponseEnd.Metadata(response.Headers);
        if (ResponseEnd.TryReadStatus(response.Headers, out var status))
        {
            Trailers = ResponseHeaders;
            _end = status;
            return null;
        }
        if ((int)response.StatusCode != 200)
            throw new GrpcException(CallFailure.CodeOfHttp((int)response.StatusCode), $"HTTP status {(int)response.StatusCode} instead of a gRPC response");
        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
            throw new GrpcException(GrpcStatusCode.Unknown, $"content type '{response.Content.Headers.ContentType}' instead of application/grpc");
        // Zero-byte reads: a stream that waits for the next push for hours holds no buffer.
        return PipeReader.Create(await response.Content.ReadAsStreamAsync(_stop.Token), new StreamPipeReaderOptions(bufferSize: BlockBytes, useZeroByteReads: true));
    }

    private TResponse? End(GrpcStatus status)
    {
        _end = status;
        _content.HalfClose();
        return status.IsOk ? null : throw new GrpcException(status);
    }

    private Exception Failure(Exception cause, CancellationToken cancellation)
    {
        var caller = cancellation.IsCancellationRequested ? cancellation : _caller;
        if (caller.IsCancellationRequested)
        {
            _end = new GrpcStatus(GrpcStatusCode.Cancelled, "cancelled by the caller");
            return new OperationCanceledException(_end.Value.Message, cause, caller);
        }
        if (_deadline is { IsCancellationRequested: true })
            _end = new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the deadline passed");
        else if (_disposed)
            _end = new GrpcStatus(GrpcStatusCode.Cancelled, "the call was disposed");
        else
            _end = CallFailure.StatusOf(cause);
        Stop();
        return new GrpcException(_end.Value, cause);
    }

    private CancellationTokenRegistration StopWith(CancellationToken cancellation) =>
        cancellation == _caller ? default : cancellation.UnsafeRegister(static call => ((GrpcCall<TRequest, TResponse>)call!).Stop(), this);

    private void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call was disposed in the same moment; nothing is left to stop.
        }
    }
}
