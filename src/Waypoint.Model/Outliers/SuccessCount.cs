namespace Waypoint.Model.Outliers;

/// <summary>Requests and successes of the running interval in one word, so that a request pays one addition. Thread-safe.</summary>
internal struct SuccessCount
{
    private const long Request = 1L << 32;

    private long _counts;

    public void Succeeded() => Interlocked.Add(ref _counts, Request + 1);

    public void Failed() => Interlocked.Add(ref _counts, Request);

    /// <summary>Closes the interval: its requests, and its success rate in percent (-1 without requests).</summary>
    public double Take(out uint requests)
    {
        long counts = Interlocked.Exchange(ref _counts, 0);
        requests = (uint)(counts >>> 32);
        return requests == 0 ? -1 : 100.0 * (uint)counts / requests;
    }
}
