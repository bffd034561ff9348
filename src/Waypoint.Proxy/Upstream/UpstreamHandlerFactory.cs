using System.Net;
using System.Text;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Proxy.Upstream.Dns;
using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Upstream;

/// <summary>Makes the pools of inner HTTP connections to one endpoint. A connection is opened by <see cref="EndpointConnector"/>: a tunnel or a socket, with TLS where configured.</summary>
internal sealed class UpstreamHandlerFactory(EndpointConnector connector, NameTable names, TimeProvider time)
{
    /// <summary>The HTTP client looks for idle connections every quarter of their time, at least every second: good enough above this.</summary>
    private static readonly TimeSpan CoarseIdleTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Nobody else can use a connection whose PROXY header names one connection of a client.</summary>
    private static readonly TimeSpan ProxyIdleTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Names that clusters of any kind keep resolved.</summary>
    public NameTable Names => names;

    /// <summary>The clock of everything about endpoints.</summary>
    public TimeProvider Time => time;

    /// <summary>Whether pools made for one configuration fit the other.</summary>
    public static bool SameTransport(ClusterConfig left, ClusterConfig right) =>
        ReferenceEquals(left, right)
        || (left.IdleTimeout == right.IdleTimeout
            && left.ConnectTimeout == right.ConnectTimeout
            && left.MaxRequestsPerConnection == right.MaxRequestsPerConnection
            && left.HttpVersion == right.HttpVersion
            && left.Connections == right.Connections
            && left.Http1 == right.Http1
            && SameSockets(left.TransportSockets, right.TransportSockets));

    /// <summary>The pool for one HTTP version.</summary>
    public IConnectionPool Create(ClusterConfig cluster, Endpoint endpoint, Version version, PoolVariant variant)
    {
        bool http2 = version == HttpVersion.Version20;
        uint maxRequests = cluster.MaxRequestsPerConnection;
        bool countsStreams = http2 && cluster.Connections.MaxConcurrentStreams is not null;
        bool countsRequests = maxRequests > 1 || (http2 && maxRequests > 0);
        bool closesSoon = cluster.IdleTimeout > TimeSpan.Zero && cluster.IdleTimeout < CoarseIdleTimeout;
        if (!countsStreams && !countsRequests && !closesSoon)
        {
            return new SharedPool(Open(cluster, endpoint, version, variant, single: false));
        }

        return new CountedPool(
            () => Open(cluster, endpoint, version, variant, single: true),
            maxRequests,
            http2 ? cluster.Connections.MaxConcurrentStreams ?? int.MaxValue : 1,
            closesSoon ? cluster.IdleTimeout : TimeSpan.Zero,
            time);
    }

    private HttpMessageInvoker Open(ClusterConfig cluster, Endpoint endpoint, Version version, PoolVariant variant, bool single)
    {
        bool http2 = version == HttpVersion.Version20;
        ConnectionSettings settings = cluster.Connections;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            // A second traceparent beside the client's own would break its trace.
            ActivityHeadersPropagator = null,
            // Header bytes above 0x7F pass as they are; those of responses do without being told.
            RequestHeaderEncodingSelector = http2 ? static (_, _) => Encoding.Latin1 : RequestBeingWritten.EncodingOf,
            // KiB. Heads of HTTP/1 are limited in front of the client, by the cluster's settings; of HTTP/2 60 KiB are Envoy's limit (docs: codec limits).
            MaxResponseHeadersLength = http2 ? 60 : (cluster.Http1.MaxHeadBytes / 1024) + 64,
            PooledConnectionIdleTimeout = IdleTimeout(cluster, variant),
            PooledConnectionLifetime = Lifetime(cluster, http2),
            EnableMultipleHttp2Connections = !single,
            InitialHttp2StreamWindowSize = settings.StreamWindowBytes ?? 1024 * 1024,
            // The connector has its own deadline with a reason; this one would hide it.
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
        };
        if (http2 && settings.PingInterval is { } interval)
        {
            // The client takes nothing below a second.
            handler.KeepAlivePingDelay = interval > TimeSpan.FromSeconds(1) ? interval : TimeSpan.FromSeconds(1);
            handler.KeepAlivePingTimeout = settings.PingTimeout > TimeSpan.FromSeconds(1) ? settings.PingTimeout : TimeSpan.FromSeconds(1);
        }

        handler.ConnectCallback = (_, cancellation) => connector.OpenStreamAsync(cluster, endpoint, version, variant, cancellation);
        return new HttpMessageInvoker(handler, disposeHandler: true);
    }

    private static TimeSpan IdleTimeout(ClusterConfig cluster, PoolVariant variant)
    {
        TimeSpan configured = cluster.IdleTimeout > TimeSpan.Zero ? cluster.IdleTimeout : Timeout.InfiniteTimeSpan;
        return variant.Source is not null && (configured == Timeout.InfiniteTimeSpan || configured > ProxyIdleTimeout) ? ProxyIdleTimeout : configured;
    }

    /// <summary>A connection that is older takes no further request; of zero age means that no HTTP/1.1 connection takes a second one.</summary>
    private static TimeSpan Lifetime(ClusterConfig cluster, bool http2)
    {
        if (cluster.MaxRequestsPerConnection == 1 && !http2)
        {
            return TimeSpan.Zero;
        }

        return cluster.Connections.MaxDuration > TimeSpan.Zero ? cluster.Connections.MaxDuration : Timeout.InfiniteTimeSpan;
    }

    private static bool SameSockets(IReadOnlyList<TransportSocketChoice> left, IReadOnlyList<TransportSocketChoice> right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (int i = 0; i < left.Count; i++)
        {
            if (left[i].Name != right[i].Name || left[i].RefusedBecause != right[i].RefusedBecause || left[i].ContentHash != right[i].ContentHash
                || left[i].Labels.Count != right[i].Labels.Count || left[i].Labels.Except(right[i].Labels).Any())
            {
                return false;
            }
        }

        return true;
    }
}
