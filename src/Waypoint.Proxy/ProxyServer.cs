using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tls;
using Waypoint.Model.Snapshots;
using Waypoint.Model.Workloads;
using Waypoint.Proxy.Filters;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Inbound;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Telemetry;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Mirroring;
using Yarp.ReverseProxy.Forwarder;

namespace Waypoint.Proxy;

/// <summary>The data plane: assembled here, started once, fed through <see cref="Snapshots"/>. Start binds and accepts; Drain lets tunnels end; Dispose cuts what is left.</summary>
public sealed class ProxyServer : IAsyncDisposable
{
    private readonly ProxyOptions _options;
    private readonly ILogger<ProxyServer> _logger;
    private readonly ActiveSnapshot _active = new();
    private readonly AccessLogWriter _accessLog;
    private readonly TunnelPool _tunnels;
    private readonly MirrorDispatcher _mirrors;
    private readonly HboneListener _listener;
    private readonly WebApplication _services;
    private readonly IServer _inner;
    private readonly ExchangeApplication _application;
    private bool _started;

    /// <param name="options">Addresses and limits.</param>
    /// <param name="identity">Our certificate and roots; must hold one before <see cref="StartAsync"/>.</param>
    /// <param name="workloads">Who is behind an address: decides which identity an endpoint must show.</param>
    /// <param name="loggers">Where the data plane logs.</param>
    /// <param name="time">The clock of all timeouts.</param>
    public ProxyServer(ProxyOptions options, TlsIdentitySource identity, IWorkloadDirectory workloads, ILoggerFactory loggers, TimeProvider time)
    {
        _options = options;
        _logger = loggers.CreateLogger<ProxyServer>();
        _accessLog = new AccessLogWriter(
            Console.OpenStandardOutput(),
            options.AccessJsonFile is { } file ? new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite) : null);

        // Outermost last: endpoints and pools, the router over them, the HTTP and TCP servers over the router, the CONNECT dispatcher in front of both.
        _tunnels = new TunnelPool(new TunnelPoolOptions(), identity, options.Dialer ?? new SocketDialer(), time, loggers);
        var connector = new EndpointConnector(_tunnels, workloads, _active, time);
        _active.UseHandlers(new UpstreamHandlerFactory(connector));
        _active.UseFilters(new FilterCatalog(() => _active.Current, time, loggers));
        _services = BuildInnerServer();
        TunnelTransport transport = _services.Services.GetRequiredService<TunnelTransport>();
        _mirrors = new MirrorDispatcher(new MirrorOptions(), time, loggers.CreateLogger<MirrorDispatcher>());
        var router = new UpstreamRouter(_services.Services.GetRequiredService<IHttpForwarder>(), _mirrors, time);
        var manager = new HttpConnectionManager(router, _accessLog, loggers.CreateLogger<HttpConnectionManager>());
        _application = new ExchangeApplication(manager, _active, time);
        _inner = _services.Services.GetRequiredService<IServer>();
        var tcp = new TcpProxy(_active, connector, _accessLog, time, loggers.CreateLogger<TcpProxy>());
        var dispatcher = new TunnelDispatcher(_active, tcp, transport, _accessLog, time, loggers.CreateLogger<TunnelDispatcher>());
        _listener = new HboneListener(new HboneListenerOptions { EndPoints = options.Listen }, identity, dispatcher, time, loggers);
    }

    /// <summary>Where configuration is published.</summary>
    public ISnapshotSink Snapshots => _active;

    /// <summary>Tunnels that are open.</summary>
    public int OpenTunnels => _listener.TunnelCount;

    /// <summary>Starts the inner servers, binds and accepts. Throws if an address is in use.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _inner.StartAsync(_application, cancellationToken).ConfigureAwait(false);
        _listener.Start();
        _started = true;
        foreach (System.Net.IPEndPoint endPoint in _options.Listen)
        {
            ProxyLog.Listening(_logger, endPoint.ToString());
        }
    }

    /// <summary>Says GOAWAY to every client and waits until the tunnels have ended or the deadline is over. New connections are still served meanwhile.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_started)
        {
            ProxyLog.Draining(_logger, OpenTunnels, _options.DrainDeadline);
            await _listener.DrainAsync(_options.DrainDeadline, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Cuts what is left and releases everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        if (_started)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync().ConfigureAwait(false);
            await _inner.StopAsync(now.Token).ConfigureAwait(false);
        }

        _mirrors.Dispose();
        await _services.DisposeAsync().ConfigureAwait(false);
        await _tunnels.DisposeAsync().ConfigureAwait(false);
        await _accessLog.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Kestrel with our transport and our application; of the host only its container is used.</summary>
    private static WebApplication BuildInnerServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // Every failed try would be a warning with a stack trace; what failed and why is in the access log.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton<TunnelTransport>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(static services => services.GetRequiredService<TunnelTransport>());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(ConfigureKestrel);
        return builder.Build();
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowAlternateSchemes = true;
        kestrel.AllowHostHeaderOverride = true;
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        KestrelServerLimits limits = kestrel.Limits;
        // Limits against slow or large bodies are the route's business; a proxy that cuts a quiet upload breaks streaming (docs: spike, limits that must be changed).
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxConcurrentConnections = null;
        limits.MaxConcurrentUpgradedConnections = null;
        limits.MaxRequestHeadersTotalSize = 60 * 1024;
        limits.MaxRequestLineSize = 60 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.KeepAliveTimeout = TimeSpan.FromHours(1);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(60);
        limits.Http2.MaxStreamsPerConnection = 1024;
        limits.Http2.MaxRequestHeaderFieldSize = 60 * 1024;
        limits.Http2.InitialStreamWindowSize = 768 * 1024;
        limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
        kestrel.Listen(TunnelDispatcher.Http1EndPoint, static listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(TunnelDispatcher.Http2EndPoint, static listen => listen.Protocols = HttpProtocols.Http2);
    }
}
