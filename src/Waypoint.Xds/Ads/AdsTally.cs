namespace Waypoint.Xds.Ads;

/// <summary>Counters behind <see cref="AdsCounters"/>; written by the client's loop, read by anyone.</summary>
internal sealed class AdsTally
{
    private long _streams, _disconnects, _responses, _acks, _nacks, _dropped;

    public AdsCounters Read() => new(
        Interlocked.Read(ref _streams), Interlocked.Read(ref _disconnects), Interlocked.Read(ref _responses),
        Interlocked.Read(ref _acks), Interlocked.Read(ref _nacks), Interlocked.Read(ref _dropped));

    public void Stream() => Interlocked.Increment(ref _streams);

    public void Disconnect() => Interlocked.Increment(ref _disconnects);

    public void Response() => Interlocked.Increment(ref _responses);

    public void Ack() => Interlocked.Increment(ref _acks);

    public void Nack() => Interlocked.Increment(ref _nacks);

    public void Drop() => Interlocked.Increment(ref _dropped);
}
