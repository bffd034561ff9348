using System.Net;
using Google.Protobuf;

namespace Waypoint.Grpc.Client;

/// <summary>
/// Calls over HTTP/2 to one address. Connections are made when needed and shared by calls; there is no retry. Disposing it
/// closes the connections, and calls that run end as Unavailable.
/// </summary>
public sealed class GrpcChannel : IGrpcChannel
{
    private readonly GrpcChannelOptions _options;
    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _base;

    /// <summary>A channel; nothing is dialled yet.</summary>
    /// <param name="options">Where to and how.</param>
    public GrpcChannel(GrpcChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _base = BaseUri(options);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => ServerConnector.ConnectAsync(options, cancellation),
            ActivityHeadersPropagator = null,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = options.KeepAliveDelay,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
            InitialHttp2StreamWindowSize = options.InitialWindowBytes,
        };
        _invoker = new HttpMessageInvoker(handler);
    }

    /// <inheritdoc/>
    public IGrpcCall<TRequest, TResponse> Start<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(options);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_base, method.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("user-agent", _options.UserAgent);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        Add(request, _options.Metadata);
        Add(request, options.Metadata);
        return new GrpcCall<TRequest, TResponse>(_invoker, request, method, _options, options.Timeout, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    private static void Add(HttpRequestMessage request, IReadOnlyList<GrpcHeader> metadata)
    {
        foreach (var (name, value) in metadata)
            request.Headers.TryAddWithoutValidation(name, value);
    }

    /// <summary>The URI becomes <c>:authority</c>; what is dialled and which name is verified is the connector's business.</summary>
    private static Uri BaseUri(GrpcChannelOptions options)
    {
        var (host, port) = options.Address switch
        {
            DnsEndPoint dns => (dns.Host, dns.Port),
            IPEndPoint ip => (ip.Address.ToString(), ip.Port),
            _ => ("localhost", 80),
        };
        return options.Tls is null
            ? new UriBuilder(Uri.UriSchemeHttp, host, port).Uri
            : new UriBuilder(Uri.UriSchemeHttps, options.Tls.ServerName, port).Uri;
    }
}
