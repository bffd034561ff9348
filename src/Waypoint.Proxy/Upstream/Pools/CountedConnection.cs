namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>One connection of a <see cref="CountedPool"/>. Its fields belong to the pool's lock.</summary>
internal sealed class CountedConnection(HttpMessageInvoker invoker)
{
    /// <summary>An HTTP client that opens one connection only.</summary>
    public HttpMessageInvoker Invoker => invoker;

    /// <summary>Requests under way.</summary>
    public int Active { get; set; }

    /// <summary>Requests since it was made.</summary>
    public uint Started { get; set; }

    /// <summary>Timestamp of the last request's end.</summary>
    public long IdleSince { get; set; }
}
