namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>How much copies may take from the process; they are worth less than any request.</summary>
internal sealed record MirrorOptions
{
    /// <summary>Copies in flight in the whole process; beyond, a copy is not made. Default 1024.</summary>
    public int MaxConcurrent { get; init; } = 1024;

    /// <summary>Bytes of one body that its mirror may lag behind the main request before it is dropped. Default 1 MiB (Envoy's per_connection_buffer_limit_bytes).</summary>
    public int MaxBufferedBytesPerCopy { get; init; } = 1024 * 1024;

    /// <summary>The same, over all copies. Default 64 MiB.</summary>
    public long MaxBufferedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How long an answer may take after the end of the request where the route has no timeout: nobody waits for a mirror, but it holds a place. Default 60 s.</summary>
    public TimeSpan TimeoutWithoutRouteTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
