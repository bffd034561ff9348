using System.Net;
using System.Text;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream;

/// <summary>Makes the pool of inner HTTP connections to one endpoint. A connection is opened by <see cref="EndpointConnector"/>: a tunnel or a plain socket.</summary>
internal sealed class UpstreamHandlerFactory(EndpointConnector connector)
{
    /// <summary>Whether pools made for one configuration fit the other.</summary>
    public static bool SameTransport(ClusterConfig left, ClusterConfig right) =>
        ReferenceEquals(left, right)
        || (left.IdleTimeout == right.IdleTimeout
            && left.ConnectTimeout == right.ConnectTimeout
            && left.MaxRequestsPerConnection == right.MaxRequestsPerConnection
            && left.HttpVersion == right.HttpVersion
            && left.Http1 == right.Http1
            && left.CircuitBreakers == right.CircuitBreakers
            && SameSockets(left.TransportSockets, right.TransportSockets));

    public HttpMessageInvoker Create(ClusterConfig cluster, Endpoint endpoint, Version version)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            // A second traceparent beside the client's own would break its trace.
            ActivityHeadersPropagator = null,
            // Header bytes above 0x7F pass as they are.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            // KiB. Heads of HTTP/1 are limited in front of the client, by the cluster's settings.
            MaxResponseHeadersLength = version == HttpVersion.Version20 ? 60 : (cluster.Http1.MaxHeadBytes / 1024) + 64,
            PooledConnectionIdleTimeout = cluster.IdleTimeout > TimeSpan.Zero ? cluster.IdleTimeout : Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = 1024 * 1024,
            // The connector has its own deadline with a reason; this one would hide it.
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
        };
        if (cluster.CircuitBreakers.MaxConnections is > 0 and < int.MaxValue && version == HttpVersion.Version11)
        {
            handler.MaxConnectionsPerServer = (int)cluster.CircuitBreakers.MaxConnections;
        }

        handler.ConnectCallback = (_, cancellation) => connector.OpenStreamAsync(cluster, endpoint, version, cancellation);
        return new HttpMessageInvoker(handler, disposeHandler: true);
    }

    private static bool SameSockets(IReadOnlyList<TransportSocketChoice> left, IReadOnlyList<TransportSocketChoice> right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (int i = 0; i < left.Count; i++)
        {
            if (left[i].Name != right[i].Name || left[i].RefusedBecause != right[i].RefusedBecause)
            {
                return false;
            }
        }

        return true;
    }
}
