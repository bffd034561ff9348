using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Agent;
using Waypoint.ControlPlane.Ads;
using Waypoint.ControlPlane.Certificates;
using Waypoint.Demo;
using Waypoint.Grpc.Client;
using Waypoint.Grpc.Server;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tls;
using Waypoint.Hbone.Tunnels;
using Waypoint.Hosting;
using Waypoint.Model.Identity;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Proxy;

namespace Waypoint.EndToEnd.Tests;

/// <summary>A whole mesh on loopback: control plane, waypoint, the destination's ztunnel with two pods, and the client's ztunnel. Real sockets, TLS and protocol bytes on every hop.</summary>
public class MeshInOneProcess : IAsyncLifetime
{
    /// <summary>Collection of the tests that start one: the pods have fixed addresses, so there is one mesh at a time.</summary>
    public const string Addresses = "addresses of the pods";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggerFactory _loggers = NullLoggerFactory.Instance;
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly DevelopmentCertificateAuthority _authority = new("end to end", TimeProvider.System);
    private Task _running = Task.CompletedTask;

    public MeshInOneProcess()
    {
        Discovery = new AdsServer(new AdsServerOptions());
        Hbone = FreeEndPoint();
    }

    /// <summary>The control plane; what it pushes reaches the waypoint live.</summary>
    internal AdsServer Discovery { get; }

    /// <summary>Where the waypoint accepts HBONE.</summary>
    public IPEndPoint Hbone { get; }

    public async ValueTask InitializeAsync()
    {
        foreach (IGrouping<string, DemoResource> type in Resources().GroupBy(static r => r.TypeUrl))
            Discovery.Apply(new AdsPush(type.Key, [.. type.Select(static r => AdsPush.Resource(r.Name, r.Message))]));
        var services = new GrpcServiceMap(AdsServer.MaxRequestBytes);
        Discovery.Map(services);
        IPEndPoint controlPlane = FreeEndPoint();
        _parts.Add(await GrpcServer.StartAsync(new GrpcServerOptions { EndPoint = controlPlane }, services, _loggers, _stop.Token));
        _parts.Add(await StartDestinationAsync(Identity(_authority, DemoMesh.ServicePrincipal), _stop.Token));

        var readiness = new Readiness();
        var certificates = new TlsIdentitySource();
        var identity = new IdentityPublisher(certificates, readiness);
        var issued = _authority.Issue(DemoMesh.WaypointPrincipal, TimeSpan.FromHours(1));
        identity.Install(issued.CertificatePem, issued.PrivateKeyPem, issued.RootPem);
        var node = new Node { Id = "waypoint~127.0.0.1~waypoint.demo~demo.svc.cluster.local", Cluster = "waypoint.demo", UserAgentName = "envoy" };
        var options = new ProxyOptions { Listen = [Hbone], DrainDeadline = TimeSpan.FromMilliseconds(100) };
        var host = new WaypointHost(options, node, new GrpcChannelOptions { Address = controlPlane }, certificates, identity, readiness, _loggers);
        _parts.Add(host);
        _running = host.RunAsync(_stop.Token);
        await (await Task.WhenAny(host.Listening, _running).WaitAsync(Patience));
        await host.Listening.WaitAsync(Patience);
    }

    /// <summary>What the control plane sends at the start.</summary>
    private protected virtual IEnumerable<DemoResource> Resources() => DemoConfiguration.Create();

    /// <summary>Starts the destination's ztunnel with its pods.</summary>
    private protected virtual async Task<IAsyncDisposable> StartDestinationAsync(TlsIdentity identity, CancellationToken cancellation)
    {
        var destination = new DemoDestination(new TlsIdentitySource(identity), TimeProvider.System, _loggers);
        await destination.StartAsync(cancellation);
        return destination;
    }

    /// <summary>A client's ztunnel with an identity of the mesh, or of another authority.</summary>
    internal TunnelPool Ztunnel(string principal, DevelopmentCertificateAuthority? authority = null, IHboneDialer? dialer = null) =>
        new(new TunnelPoolOptions(), new TlsIdentitySource(Identity(authority ?? _authority, principal, _authority)), dialer ?? new SocketDialer(), TimeProvider.System, _loggers);

    /// <summary>Opens a tunnel to a service.</summary>
    internal async Task<Tunnel> ConnectAsync(TunnelPool ztunnel, string authority, int worker = 0)
    {
        Assert.True(SpiffeId.TryParse(DemoMesh.WaypointPrincipal, out SpiffeId? waypoint));
        var target = new TunnelTarget { HboneAddress = Hbone, Authority = authority, Expected = ExpectedPeer.Exactly(waypoint), Worker = worker };
        return await ztunnel.ConnectAsync(target, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
    }

    /// <summary>An HTTP client whose every connection is a tunnel to <paramref name="authority"/>.</summary>
    internal HttpMessageInvoker Client(TunnelPool ztunnel, string authority) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, _) => new TunnelStream(await ConnectAsync(ztunnel, authority)),
    });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);
        for (int i = _parts.Count - 1; i >= 0; i--)
            await _parts[i].DisposeAsync();
        _authority.Dispose();
        _stop.Dispose();
    }

    private static TlsIdentity Identity(DevelopmentCertificateAuthority authority, string principal, DevelopmentCertificateAuthority? trusted = null)
    {
        var issued = authority.Issue(principal, TimeSpan.FromHours(1));
        return TlsIdentity.FromPem(issued.CertificatePem, issued.PrivateKeyPem, (trusted ?? authority).RootPem, []);
    }

    private static IPEndPoint FreeEndPoint()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }
}
