namespace Waypoint.Proxy.Wire;

/// <summary>Counts what was dropped or refused because of its form, since the start of the process. Thread-safe.</summary>
internal static class WireCounters
{
    private static long s_underscoreDropped;
    private static long s_underscoreRejected;

    /// <summary>Headers dropped for an underscore (<c>http1.dropped_headers_with_underscores</c>).</summary>
    public static long DroppedHeadersWithUnderscores => Interlocked.Read(ref s_underscoreDropped);

    /// <summary>Requests refused for one (<c>http1.requests_rejected_with_underscores_in_headers</c>).</summary>
    public static long RequestsRejectedWithUnderscores => Interlocked.Read(ref s_underscoreRejected);

    /// <summary>Counts dropped headers.</summary>
    public static void UnderscoreDropped(int headers) => Interlocked.Add(ref s_underscoreDropped, headers);

    /// <summary>Counts a refused request.</summary>
    public static void UnderscoreRejected() => Interlocked.Increment(ref s_underscoreRejected);
}
