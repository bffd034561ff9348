using System.Collections.Concurrent;
using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Waypoint.Proxy.Upstream;

/// <summary>The forwarder's settings for a protocol and an idle limit, one object for each. Limits come from the configuration, so they are few.</summary>
internal static class ForwarderSettings
{
    private const int MaxKept = 1000;

    // What the forwarder's timer can wait for; a longer limit is none.
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMilliseconds(int.MaxValue);

    // Without a limit of the route's a stream may be silent for ever; the forwarder's own would cut it.
    private static readonly ForwarderRequestConfig OverHttp11 = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Timeout.InfiniteTimeSpan,
    };

    private static readonly ForwarderRequestConfig OverHttp2 = OverHttp11 with { Version = HttpVersion.Version20 };

    private static readonly ConcurrentDictionary<(bool Http2, TimeSpan Idle), ForwarderRequestConfig> WithLimit = new();

    /// <summary>Settings that end a stream on which nothing moves for <paramref name="idle"/>; zero: never.</summary>
    public static ForwarderRequestConfig For(bool http2, TimeSpan idle)
    {
        ForwarderRequestConfig plain = http2 ? OverHttp2 : OverHttp11;
        if (idle <= TimeSpan.Zero || idle >= LongestIdle)
        {
            return plain;
        }

        if (WithLimit.TryGetValue((http2, idle), out ForwarderRequestConfig? kept))
        {
            return kept;
        }

        ForwarderRequestConfig made = plain with { ActivityTimeout = idle };
        return WithLimit.Count < MaxKept ? WithLimit.GetOrAdd((http2, idle), made) : made;
    }
}
