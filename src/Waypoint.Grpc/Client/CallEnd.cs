using Grpc.Core;

namespace Waypoint.Grpc.Client;

/// <summary>
/// Who may end a call, and which of them did. The library's own deadline runs on the system clock only, so the deadline is a
/// token of ours on the channel's clock, and the server is told by <c>grpc-timeout</c>.
/// </summary>
internal sealed class CallEnd : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource? _linked;

    public CallEnd(TimeSpan? timeout, TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        if (timeout is not { } limit)
            return;
        _deadline = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(caller, _deadline.Token);
    }

    /// <summary>Ends the call.</summary>
    public CancellationToken Token => _linked?.Token ?? _caller;

    /// <summary>Whether the call was ended by what a library reports of it, rather than by a bug on this side.</summary>
    public static bool IsEnd(Exception exception) => exception is RpcException || CallFailure.IsOfTransport(exception);

    /// <summary>The exception that the caller sees.</summary>
    /// <param name="cause">What the library threw.</param>
    /// <param name="closed">Why this side closed the call; null when it did not.</param>
    /// <param name="own">Token of the one operation.</param>
    public Exception Failure(Exception cause, GrpcStatus? closed, CancellationToken own)
    {
        var caller = own.IsCancellationRequested ? own : _caller;
        if (caller.IsCancellationRequested)
            return new OperationCanceledException("cancelled by the caller", cause, caller);
        if (_deadline is { IsCancellationRequested: true })
            return new GrpcException(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the deadline passed"), cause);
        if (closed is { } status)
            return new GrpcException(status, cause);
        return cause is RpcException told
            ? new GrpcException(CallFailure.StatusOf(told.Status), told.Status.DebugException ?? told)
            : new GrpcException(CallFailure.StatusOf(cause), cause);
    }

    public void Dispose()
    {
        _linked?.Dispose();
        _deadline?.Dispose();
    }
}
