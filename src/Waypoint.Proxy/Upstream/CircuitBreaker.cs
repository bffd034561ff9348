using Waypoint.Model.Clusters;
using Waypoint.Model.Failures;

namespace Waypoint.Proxy.Upstream;

/// <summary>What is under way in one cluster at one routing priority, counted against its limits. It lives as long as the cluster; the limits may change under it. Lock-free.</summary>
internal sealed class CircuitBreaker
{
    private ConnectionSlots? _connections;
    private int _requests;
    private int _retries;
    private long _overflows;
    private long _retryOverflows;

    /// <summary>Connections in use, and who waits for one; made at first use, since most clusters have no limit.</summary>
    public ConnectionSlots Connections => _connections ?? Interlocked.CompareExchange(ref _connections, new ConnectionSlots(), null) ?? _connections;

    /// <summary>Requests under way, of those that were counted (<see cref="CircuitBreakerLimits.CountsRequests"/>).</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Retries under way.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <summary>Requests and connections refused so far.</summary>
    public long Overflows => Volatile.Read(ref _overflows);

    /// <summary>Retries not made so far.</summary>
    public long RetryOverflows => Volatile.Read(ref _retryOverflows);

    /// <summary>Admits one try, after a wait for a connection if the cluster has all of them in use: <see cref="FailureReason.None"/>, or why not.</summary>
    /// <param name="limits">The limits in force.</param>
    /// <param name="ownConnection">The try occupies a connection (HTTP/1.1).</param>
    /// <param name="deadline">Ends the wait with <see cref="FailureReason.RouteTimeout"/>.</param>
    /// <param name="clientGone">Ends the wait with <see cref="FailureReason.ClientGone"/>.</param>
    public ValueTask<FailureReason> EnterAsync(CircuitBreakerLimits limits, bool ownConnection, CancellationToken deadline, CancellationToken clientGone) =>
        EnterNow(limits, ownConnection) is { } now ? new(now) : WaitAsync(limits, deadline, clientGone);

    /// <summary>Admits one try or refuses it, as <see cref="EnterAsync"/> does; null if it has to wait for a connection.</summary>
    public FailureReason? EnterNow(CircuitBreakerLimits limits, bool ownConnection)
    {
        if (!ownConnection || limits.MaxConnections >= int.MaxValue)
        {
            return TryStartRequest(limits) ? FailureReason.None : FailureReason.Overflow;
        }

        return Connections.TryTakeNow(limits.MaxConnections) ? Start(limits) : null;
    }

    /// <summary>Counts an admitted try out; with the same arguments as it was admitted with.</summary>
    public void Exit(CircuitBreakerLimits limits, bool ownConnection)
    {
        EndRequest(limits);
        if (ownConnection && limits.MaxConnections < int.MaxValue)
        {
            Connections.Release(limits.MaxConnections);
        }
    }

    /// <summary>Counts a request in, if a limit depends on it; false if there are too many.</summary>
    public bool TryStartRequest(CircuitBreakerLimits limits)
    {
        // A count that all cores share costs each request two cache misses.
        if (!limits.CountsRequests || (uint)Interlocked.Increment(ref _requests) <= limits.MaxRequests)
        {
            return true;
        }

        Interlocked.Decrement(ref _requests);
        NoteOverflow();
        return false;
    }

    /// <summary>Counts a request out; with the same limits as it was counted in with.</summary>
    public void EndRequest(CircuitBreakerLimits limits)
    {
        if (limits.CountsRequests)
        {
            Interlocked.Decrement(ref _requests);
        }
    }

    /// <summary>Counts a retry in; false if there are too many for the limit or the budget.</summary>
    public bool TryStartRetry(CircuitBreakerLimits limits)
    {
        if ((uint)Interlocked.Increment(ref _retries) <= limits.RetriesAllowed(Requests + (Volatile.Read(ref _connections)?.Pending ?? 0)))
        {
            return true;
        }

        Interlocked.Decrement(ref _retries);
        Interlocked.Increment(ref _retryOverflows);
        return false;
    }

    /// <summary>Counts a retry out.</summary>
    public void EndRetry() => Interlocked.Decrement(ref _retries);

    /// <summary>Notes that something was refused for want of room.</summary>
    public void NoteOverflow() => Interlocked.Increment(ref _overflows);

    private async ValueTask<FailureReason> WaitAsync(CircuitBreakerLimits limits, CancellationToken deadline, CancellationToken clientGone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline, clientGone);
        try
        {
            if (await Connections.TakeAsync(limits.MaxConnections, limits.MaxPendingRequests, either.Token).ConfigureAwait(false))
            {
                return Start(limits);
            }

            NoteOverflow();
            return FailureReason.Overflow;
        }
        catch (OperationCanceledException)
        {
            return clientGone.IsCancellationRequested ? FailureReason.ClientGone : FailureReason.RouteTimeout;
        }
    }

    private FailureReason Start(CircuitBreakerLimits limits)
    {
        if (TryStartRequest(limits))
        {
            return FailureReason.None;
        }

        Connections.Release(limits.MaxConnections);
        return FailureReason.Overflow;
    }
}
