namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>The bounds of all copies together: places and buffered bytes. Safe for use by many threads.</summary>
internal sealed class MirrorBudget(MirrorOptions options)
{
    private int _inFlight;
    private long _bufferedBytes;

    /// <summary>Copies in flight.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Bytes that were read for the main request and not yet sent to their mirrors.</summary>
    public long BufferedBytes => Volatile.Read(ref _bufferedBytes);

    /// <summary>Takes a place; false if all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inFlight) <= options.MaxConcurrent)
        {
            return true;
        }

        Interlocked.Decrement(ref _inFlight);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Takes room for bytes; false if there is not that much left.</summary>
    public bool TryBuffer(int bytes)
    {
        if (Interlocked.Add(ref _bufferedBytes, bytes) <= options.MaxBufferedBytes)
        {
            return true;
        }

        Interlocked.Add(ref _bufferedBytes, -bytes);
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _bufferedBytes, -bytes);
}
