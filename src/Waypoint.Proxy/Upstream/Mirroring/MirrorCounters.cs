namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>What became of the copies since the start of the process. Each copy that was due ends in exactly one of these.</summary>
internal sealed class MirrorCounters
{
    private long _completed;
    private long _failed;
    private long _droppedWithoutPlace;
    private long _droppedWithoutUpstream;
    private long _droppedTooSlow;

    /// <summary>Answered in full, with whatever status.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>Due and not answered in full: connection, timeout, or the main request ended before its body did; or its head could not be made.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Not begun because <see cref="MirrorOptions.MaxConcurrent"/> copies were in flight.</summary>
    public long DroppedWithoutPlace => Volatile.Read(ref _droppedWithoutPlace);

    /// <summary>Not begun because the cluster does not exist or has no endpoint to send to.</summary>
    public long DroppedWithoutUpstream => Volatile.Read(ref _droppedWithoutUpstream);

    /// <summary>Given up because the mirror took the body more slowly than the main request.</summary>
    public long DroppedTooSlow => Volatile.Read(ref _droppedTooSlow);

    public void CountCompleted() => Interlocked.Increment(ref _completed);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountWithoutPlace() => Interlocked.Increment(ref _droppedWithoutPlace);

    public void CountWithoutUpstream() => Interlocked.Increment(ref _droppedWithoutUpstream);

    public void CountTooSlow() => Interlocked.Increment(ref _droppedTooSlow);
}
