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
            // 60 KiB, Envoy's limit of response headers (docs: codec limits).
            MaxResponseHeadersLength = 60,
            PooledConnectionIdleTimeout = cluster.IdleTimeout > TimeSpan.Zero ? cluster.IdleTimeout : Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = 1024 * 1024,
            // The connector has its own deadline with a reason; this one would hide it.
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
        };
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
