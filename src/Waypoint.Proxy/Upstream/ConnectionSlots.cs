using System.Collections.Concurrent;

namespace Waypoint.Proxy.Upstream;

/// <summary>The connections that a cluster's HTTP/1.1 requests (one each) or TCP sessions may occupy at a time, and the bounded queue of requests that wait for one. Lock-free;
/// first come, first served.</summary>
internal sealed class ConnectionSlots
{
    private readonly ConcurrentQueue<TaskCompletionSource> _waiting = new();
    private int _occupied;
    private int _pending;

    /// <summary>Slots taken.</summary>
    public int Occupied => Volatile.Read(ref _occupied);

    /// <summary>Requests waiting.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Takes a slot if one is free and nobody waits for it.</summary>
    public bool TryTakeNow(uint limit) => _waiting.IsEmpty && TryTake(limit);

    private bool TryTake(uint limit)
    {
        while (true)
        {
            int occupied = Volatile.Read(ref _occupied);
            if (occupied >= limit)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _occupied, occupied + 1, occupied) == occupied)
            {
                return true;
            }
        }
    }

    /// <summary>Takes a slot, waiting for one if need be; false if too many wait already. Cancelled with <paramref name="cancellation"/>.</summary>
    public ValueTask<bool> TakeAsync(uint limit, uint maxPending, CancellationToken cancellation)
    {
        if (TryTakeNow(limit))
        {
            return new(true);
        }

        if ((uint)Interlocked.Increment(ref _pending) > maxPending)
        {
            Interlocked.Decrement(ref _pending);
            return new(false);
        }

        return new(WaitAsync(limit, cancellation));
    }

    /// <summary>Gives a slot back.</summary>
    public void Release(uint limit)
    {
        Interlocked.Decrement(ref _occupied);
        Wake(limit);
    }

    private async Task<bool> WaitAsync(uint limit, CancellationToken cancellation)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _waiting.Enqueue(waiter);
            // A slot may have become free before we stood in the queue.
            Wake(limit);
            await waiter.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            if (!waiter.TrySetCanceled(cancellation))
            {
                // Woken at the same moment: the slot is ours and goes on to the next.
                Release(limit);
            }

            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    private void Wake(uint limit)
    {
        while (!_waiting.IsEmpty && TryTake(limit))
        {
            if (!_waiting.TryDequeue(out TaskCompletionSource? next) || !next.TrySetResult())
            {
                // Nobody there, or it has given up: look again, for another may have come while we held the slot.
                Interlocked.Decrement(ref _occupied);
            }
        }
    }
}
