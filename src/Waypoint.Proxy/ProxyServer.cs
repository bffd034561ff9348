using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tls;
using Waypoint.Model.Listeners;
using Waypoint.Model.Snapshots;
using Waypoint.Model.Workloads;
using Waypoint.Proxy.Filters;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Inbound;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Telemetry;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Dns;
using Waypoint.Proxy.Upstream.Mirroring;
using Waypoint.Proxy.Upstream.Tls;
using Yarp.ReverseProxy.Forwarder;

namespace Waypoint.Proxy;

/// <summary>The data plane: assembled here, started once, fed through <see cref="Snapshots"/>. Start binds and accepts; Drain lets tunnels end; Dispose cuts what is left.</summary>
public sealed class ProxyServer : IAsyncDisposable
{
    private const string ResolvConf = "/etc/resolv.conf";

    private readonly ProxyOptions _options;
    private readonly ILogger<ProxyServer> _logger;
    private readonly ActiveSnapshot _active = new();
    private readonly AccessLogWriter _accessLog;
    private readonly TunnelPool _tunnels;
    private readonly MirrorDispatcher _mirrors;
    private readonly NameServerResolver _resolver;
    private readonly NameTable _names;
    private readonly DnsClusters _dnsClusters;
    private readonly IWorkloadDirectory _workloads;
    private readonly HboneListener _listener;
    private readonly WebApplication _services;
    private readonly InnerServers _inner;
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
        _resolver = Resolver(options);
        _names = new NameTable(_resolver, time, loggers.CreateLogger<NameTable>());
        var tls = new UpstreamTls(new TlsMaterialStore(_active, identity, new PemFiles(options.FilePrefixes, time)), time);
        var connector = new EndpointConnector(new EndpointTunnels(_tunnels, workloads, _active), new EndpointSockets(_names, time), tls, time);
        _active.UseHandlers(new UpstreamHandlerFactory(connector, _names, time), loggers.CreateLogger<ClusterRuntime>());
        _dnsClusters = new DnsClusters(_active, _names);
        _workloads = workloads;
        workloads.Changed += OnWorkloadChanged;
        _active.UseFilters(new FilterCatalog(() => _active.Current, time, loggers));
        _services = InnerServices.Build();
        TunnelTransport transport = _services.Services.GetRequiredService<TunnelTransport>();
        _mirrors = new MirrorDispatcher(new MirrorOptions(), time, loggers.CreateLogger<MirrorDispatcher>());
        var router = new UpstreamRouter(_services.Services.GetRequiredService<IHttpForwarder>(), _mirrors, time, loggers.CreateLogger<UpstreamRouter>());
        var dataPath = new HttpDataPath(router, _accessLog, loggers.CreateLogger<HttpDataPath>());
        _application = new ExchangeApplication(dataPath, _active, time);
        _inner = new InnerServers(_services.Services, transport);
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
        await SocketWorkers.DiscoverAsync().ConfigureAwait(false);
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

        _workloads.Changed -= OnWorkloadChanged;
        _inner.Dispose();
        _mirrors.Dispose();
        _dnsClusters.Dispose();
        await _names.DisposeAsync().ConfigureAwait(false);
        _resolver.Dispose();
        await _services.DisposeAsync().ConfigureAwait(false);
        await _tunnels.DisposeAsync().ConfigureAwait(false);
        await _accessLog.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>An address changed hands: what is open to it leads to somebody else's pod and is cut. If it was only given up, requests in flight may finish.</summary>
    private void OnWorkloadChanged(WorkloadChange change)
    {
        int port = _active.Current.Config.Origination?.HbonePort ?? new TunnelOriginationConfig().HbonePort;
        _tunnels.Retire(new System.Net.IPEndPoint(change.Address, port), change.Before.Uid, cutLiveTunnels: change.After is not null);
    }

    private static NameServerResolver Resolver(ProxyOptions options) => options.NameServers.Count > 0
        ? new NameServerResolver(new ResolverSettings { Servers = options.NameServers }, hosts: null)
        : new NameServerResolver(ResolverSettings.Parse(File.Exists(ResolvConf) ? File.ReadAllText(ResolvConf) : ""), new HostsFile("/etc/hosts"));
}
