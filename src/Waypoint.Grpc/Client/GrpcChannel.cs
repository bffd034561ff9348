using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Library = Grpc.Net.Client;

namespace Waypoint.Grpc.Client;

/// <summary>
/// Calls over HTTP/2 to one address, by Grpc.Net.Client. Connections are made when needed and shared by calls; there is no retry.
/// Disposing it closes the connections, and calls that run end as Unavailable.
/// </summary>
public sealed class GrpcChannel : IGrpcChannel
{
    private readonly GrpcChannelOptions _options;
    private readonly Library.GrpcChannel _channel;
    private readonly CallInvoker _calls;

    /// <summary>A channel with connections of its own; nothing is dialled yet.</summary>
    /// <param name="options">Where to and how.</param>
    public GrpcChannel(GrpcChannelOptions options) : this(options, BaseUri(options), Dialler(options), authority: null)
    {
    }

    /// <summary>A channel over connections that somebody else owns and that outlive it.</summary>
    /// <param name="pool">HTTP/2 connections to the server.</param>
    /// <param name="server">Scheme and address, as the pool wants them.</param>
    /// <param name="authority"><c>:authority</c> of every call.</param>
    /// <param name="maxReceiveMessageBytes">Largest accepted response message.</param>
    /// <param name="time">Clock of deadlines.</param>
    public GrpcChannel(HttpMessageInvoker pool, Uri server, string authority, int maxReceiveMessageBytes, TimeProvider time)
        : this(Options(server, maxReceiveMessageBytes, time), server, new PoolHandler(pool), authority)
    {
    }

    private GrpcChannel(GrpcChannelOptions options, Uri address, HttpMessageHandler transport, string? authority)
    {
        _options = options;
        // A client rather than a handler: the library puts its own name resolution and balancing in front of handlers. It has no timeout of its own.
        var http = new HttpClient(new CallHandler(transport, options, authority), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        _channel = Library.GrpcChannel.ForAddress(address, new Library.GrpcChannelOptions
        {
            HttpClient = http,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = options.MaxReceiveMessageBytes,
            MaxSendMessageSize = null,
        });
        _calls = _channel.CreateCallInvoker();
    }

    /// <summary>How calls end that the disposal of this channel cut.</summary>
    internal GrpcStatus? Closed { get; private set; }

    /// <inheritdoc/>
    public IGrpcCall<TRequest, TResponse> Start<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(options);
        var end = new CallEnd(options.Timeout, _options.Time, cancellation);
        var call = _calls.AsyncDuplexStreamingCall(method.AsDuplex, host: null, new CallOptions(CallMetadata.Of(_options.Metadata, options), cancellationToken: end.Token));
        return new GrpcCall<TRequest, TResponse>(call, end, this);
    }

    /// <inheritdoc/>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(options);
        using var end = new CallEnd(options.Timeout, _options.Time, cancellation);
        try
        {
            using var call = _calls.AsyncUnaryCall(
                method.AsUnary, host: null, new CallOptions(CallMetadata.Of(_options.Metadata, options), cancellationToken: end.Token), request);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (Exception e) when (CallEnd.IsEnd(e))
        {
            throw end.Failure(e, Closed, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Closed ??= new GrpcStatus(GrpcStatusCode.Unavailable, "the channel was closed");
        _channel.Dispose();
    }

    private static SocketsHttpHandler Dialler(GrpcChannelOptions options) => new()
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

    private static GrpcChannelOptions Options(Uri server, int maxReceiveMessageBytes, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new() { Address = new DnsEndPoint(server.Host, server.Port), MaxReceiveMessageBytes = maxReceiveMessageBytes, Time = time };
    }

    /// <summary>The URI becomes <c>:authority</c>; what is dialled and which name is verified is the connector's business.</summary>
    private static Uri BaseUri(GrpcChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
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
