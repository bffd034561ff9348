namespace Waypoint.Hbone.Connections;

/// <summary>Limits and times of one HBONE connection, either role.</summary>
public sealed record ConnectionOptions
{
    /// <summary>Flow-control window of one tunnel, in bytes (64 KiB - 16 MiB): what a peer may send ahead of the reader, and so the most that one tunnel buffers. Default 1 MiB.</summary>
    public int StreamWindowBytes { get; init; } = 1 << 20;

    /// <summary>Window of the whole connection, in bytes; at least four times <see cref="StreamWindowBytes"/>, so that one slow tunnel cannot stop the others. Default 16 MiB.</summary>
    public int ConnectionWindowBytes { get; init; } = 16 << 20;

    /// <summary>Largest frame that the peer may send, in bytes (16,384 - 1,048,576). Default 64 KiB.</summary>
    public int MaxFrameBytes { get; init; } = 64 << 10;

    /// <summary>Largest decoded header list of a CONNECT or its answer, in bytes as HTTP/2 counts them. Default 16 KiB.</summary>
    public int MaxHeaderListBytes { get; init; } = 16 << 10;

    /// <summary>Unsent bytes of one connection above which its tunnels wait before they add more. Default 256 KiB.</summary>
    public int MaxUnsentBytes { get; init; } = 256 << 10;

    /// <summary>A PING is sent when nothing has arrived for this long. Default 10 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The connection is closed when nothing has arrived for this long after our PING. Default 20 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A header block must be complete within this time. Default 5 s.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A tunnel that we have finished with, but the peer has not, is reset after this time. Default 5 s.</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Resets, by either side, that a connection may see within <see cref="ResetWindow"/> beyond its normally ended tunnels; more close it. Default 200.</summary>
    public int MaxResets { get; init; } = 200;

    /// <summary>Span over which <see cref="MaxResets"/> counts. Default 10 s.</summary>
    public TimeSpan ResetWindow { get; init; } = TimeSpan.FromSeconds(10);
}
