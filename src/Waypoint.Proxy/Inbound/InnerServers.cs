using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Waypoint.Hbone.Terminate;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Inbound;

/// <summary>The HTTP servers inside the tunnels, one for each version: HTTP/1 heads are limited by the chain's settings before the server sees them, HTTP/2 headers by the server itself.</summary>
internal sealed class InnerServers : IDisposable
{
    // 8 MiB is the most that a chain may allow; the rest is what a head written anew may be longer.
    private const int MaxHttp1HeadBytes = (8192 + 64) * 1024;
    private const int MaxHttp2HeaderBytes = 60 * 1024;
    private const int MaxHttp2Headers = 100;

    private readonly KestrelServer _http1;
    private readonly KestrelServer _http2;

    /// <summary>Makes servers that listen on <paramref name="transport"/>.</summary>
    public InnerServers(IServiceProvider services, TunnelTransport transport)
    {
        KestrelServerOptions http1 = Common(services);
        http1.Limits.MaxRequestHeadersTotalSize = MaxHttp1HeadBytes;
        http1.Limits.MaxRequestLineSize = MaxHttp1HeadBytes;
        http1.Limits.MaxRequestBufferSize = null;
        http1.Limits.MaxRequestHeaderCount = int.MaxValue;
        http1.Listen(TunnelDispatcher.Http1EndPoint, static listen => listen.Protocols = HttpProtocols.Http1);
        _http1 = new KestrelServer(Options.Create(http1), transport, NullLoggerFactory.Instance);

        KestrelServerOptions http2 = Common(services);
        http2.Limits.MaxRequestHeadersTotalSize = MaxHttp2HeaderBytes;
        http2.Limits.MaxRequestHeaderCount = MaxHttp2Headers;
        http2.Limits.Http2.MaxStreamsPerConnection = 1024;
        http2.Limits.Http2.MaxRequestHeaderFieldSize = MaxHttp2HeaderBytes;
        http2.Limits.Http2.InitialStreamWindowSize = 768 * 1024;
        http2.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
        http2.Listen(TunnelDispatcher.Http2EndPoint, static listen => listen.Protocols = HttpProtocols.Http2);
        _http2 = new KestrelServer(Options.Create(http2), transport, NullLoggerFactory.Instance);
    }

    /// <summary>Starts serving.</summary>
    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        await _http1.StartAsync(application, cancellationToken).ConfigureAwait(false);
        await _http2.StartAsync(application, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends every connection; at once when the token is cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_http1.StopAsync(cancellationToken), _http2.StopAsync(cancellationToken));

    /// <inheritdoc/>
    public void Dispose()
    {
        _http1.Dispose();
        _http2.Dispose();
    }

    private static KestrelServerOptions Common(IServiceProvider services)
    {
        var kestrel = new KestrelServerOptions
        {
            ApplicationServices = services,
            AddServerHeader = false,
            AllowAlternateSchemes = true,
            AllowHostHeaderOverride = true,
            RequestHeaderEncodingSelector = static _ => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static _ => Encoding.Latin1,
        };
        KestrelServerLimits limits = kestrel.Limits;
        // Limits against slow or large bodies are the route's business; a proxy that cuts a quiet upload breaks streaming (docs: spike, limits that must be changed).
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxConcurrentConnections = null;
        limits.MaxConcurrentUpgradedConnections = null;
        limits.KeepAliveTimeout = HttpConnectionConfig.DefaultIdleTimeout;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(60);
        return kestrel;
    }
}
