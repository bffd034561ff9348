using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>One copy of one request: sent once, its answer read and thrown away. It owns its place in the budget and gives it back in the end, however that comes.</summary>
/// <param name="owner">Bounds, clock and counts.</param>
/// <param name="lease">On a pool of the endpoint; given back in the end.</param>
/// <param name="message">The copy's head, with <paramref name="body"/> as its content.</param>
/// <param name="body">The copy's body; null if the request has none.</param>
/// <param name="timeout">From the end of the request to the end of the answer.</param>
/// <param name="endpoint">Counted in by the caller, counted out here; null only where the pool has no endpoint of its own.</param>
internal sealed class MirrorRequest(MirrorDispatcher owner, PoolLease lease, HttpRequestMessage message, MirrorBody? body, TimeSpan timeout, EndpointRuntime? endpoint)
    : IThreadPoolWorkItem, IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new(Timeout.InfiniteTimeSpan, owner.Time);
    private bool _over;

    /// <summary>A piece of the main request's body has been read.</summary>
    public void BodyPiece(ReadOnlySpan<byte> bytes)
    {
        body!.Write(bytes);
        if (body.Overflowed)
        {
            // The mirror may hang in a write that nobody takes: it would not notice otherwise.
            Cancel();
        }
    }

    /// <summary>The main request ended before its body.</summary>
    public void BodyIsCut()
    {
        body!.Abort();
        Cancel();
    }

    /// <summary>The main request's body has been read to its end: from here on the mirror's own clock runs. Before, the main request's life bounds the copy's.</summary>
    public void BodyIsWhole()
    {
        body?.Complete();
        StartDeadline();
    }

    /// <summary>Runs it; for the thread pool.</summary>
    public void Execute() => _ = RunAsync();

    /// <summary>Sends, reads the answer, gives everything back. Never throws.</summary>
    public async Task RunAsync()
    {
        using CancellationTokenRegistration stopping = owner.Stopping.UnsafeRegister(static request => ((MirrorRequest)request!).Cancel(), this);
        try
        {
            if (body is null)
            {
                StartDeadline();
            }

            using HttpResponseMessage response = await lease.Invoker.SendAsync(message, _end.Token).ConfigureAwait(false);
            // Read to the end so that the connection can serve the next request.
            await response.Content.CopyToAsync(Stream.Null, _end.Token).ConfigureAwait(false);
            owner.Counters.CountCompleted();
        }
#pragma warning disable CA1031 // nobody waits for a mirror: whatever it dies of is counted and logged, and must not surface as an unobserved exception
        catch (Exception failure)
#pragma warning restore CA1031
        {
            CountFailure(failure);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Releases the message and the timer; <see cref="RunAsync"/> does it at its end.</summary>
    public void Dispose()
    {
        _end.Dispose();
        message.Dispose();
    }

    private void CountFailure(Exception failure)
    {
        if (body is { Overflowed: true })
        {
            owner.Counters.CountTooSlow();
        }
        else
        {
            owner.Counters.CountFailed();
        }

        MirrorLog.Failed(owner.Logger, failure, endpoint?.Cluster.Name ?? "", endpoint?.LogName ?? "");
    }

    private void StartDeadline()
    {
        lock (_gate)
        {
            if (!_over)
            {
                _end.CancelAfter(timeout);
            }
        }
    }

    private void Cancel()
    {
        lock (_gate)
        {
            if (!_over)
            {
                // Elsewhere: what ends there must not run on the main request's thread.
                _ = _end.CancelAsync();
            }
        }
    }

    private void End()
    {
        body?.Stop();
        lock (_gate)
        {
            _over = true;
        }

        Dispose();
        lease.Dispose();
        endpoint?.Release();
        owner.Budget.Leave();
    }
}
