using System.Net;
using Microsoft.Extensions.Logging;
using Waypoint.Agent;
using Waypoint.ControlPlane.Ads;
using Waypoint.ControlPlane.Certificates;
using Waypoint.Demo;
using Waypoint.Grpc.Client;
using Waypoint.Grpc.Server;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tls;
using Waypoint.Logging;
using Waypoint.Options;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Proxy;

namespace Waypoint.Hosting;

/// <summary>Runs <c>waypoint run --demo</c>: control plane, pods, waypoint and client in one process, joined by real sockets.</summary>
internal static class DemoSession
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(1);

    public static async Task<int> RunAsync(DemoSettings settings, LogLevels levels)
    {
        using var signal = new ShutdownSignal();
        await using var log = new ProcessLog(levels, TimeProvider.System);
        using var authority = new DevelopmentCertificateAuthority("waypoint demo", TimeProvider.System);
        await using var istiod = await StartControlPlaneAsync(settings.ControlPlane, authority, log.Factory, signal.Begun);
        await using var destination = new DemoDestination(new TlsIdentitySource(Identity(authority, DemoMesh.ServicePrincipal)), TimeProvider.System, log.Factory);
        await destination.StartAsync(signal.Begun);

        var readiness = new Readiness();
        var certificates = new TlsIdentitySource();
        var identity = new IdentityPublisher(certificates, readiness);
        var issued = authority.Issue(DemoMesh.WaypointPrincipal, CertificateLifetime);
        identity.Install(issued.CertificatePem, issued.PrivateKeyPem, issued.RootPem);
        var node = new Node { Id = "waypoint~127.0.0.1~waypoint.demo~demo.svc.cluster.local", Cluster = "waypoint.demo", UserAgentName = "envoy" };
        var options = new ProxyOptions { Listen = [settings.Hbone], DrainDeadline = Drain, AccessJsonFile = ContainerEnvironment.OfProcess().Text(EnvironmentTable.AccessJson) };
        await using var host = new WaypointHost(options, node, new GrpcChannelOptions { Address = settings.ControlPlane }, certificates, identity, readiness, log.Factory);

        var client = authority.Issue(DemoMesh.ClientPrincipal, CertificateLifetime);
        var clientIdentity = Identity(authority, DemoMesh.ClientPrincipal);
        await using var tunnels = new TunnelPool(new TunnelPoolOptions(), new TlsIdentitySource(clientIdentity), new SocketDialer(), TimeProvider.System, log.Factory);
        await using var port = ConnectSession.Open(new ConnectSettings
        {
            To = $"{DemoMesh.Vip}:{DemoMesh.ServicePort}",
            Listen = settings.Listen,
            Waypoint = settings.Hbone,
            CertificatePem = client.CertificatePem,
            KeyPem = client.PrivateKeyPem,
            RootsPem = client.RootPem,
        }, clientIdentity, tunnels, log.Factory);

        var running = host.RunAsync(signal.Begun);
        await Task.WhenAny(host.Listening, running);
        if (host.Listening.IsCompletedSuccessfully)
            Explain(port.EndPoint, settings);
        await running;
        return 0;
    }

    private static async Task<GrpcServer> StartControlPlaneAsync(IPEndPoint address, DevelopmentCertificateAuthority authority, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var discovery = new AdsServer(new AdsServerOptions());
        foreach (var type in DemoConfiguration.Create().GroupBy(r => r.TypeUrl))
            discovery.Apply(new AdsPush(type.Key, [.. type.Select(r => AdsPush.Resource(r.Name, r.Message))]));
        var services = new GrpcServiceMap(AdsServer.MaxRequestBytes);
        discovery.Map(services);
        new DevelopmentCertificateService(authority, identify: null).Map(services);
        try
        {
            return await GrpcServer.StartAsync(new GrpcServerOptions { EndPoint = address }, services, loggers, cancellation);
        }
        catch (IOException error)
        {
            throw new OptionProblemException("the demo's control plane", address.ToString(), "a free local port", error.Message);
        }
    }

    private static TlsIdentity Identity(DevelopmentCertificateAuthority authority, string principal)
    {
        var issued = authority.Issue(principal, CertificateLifetime);
        return TlsIdentity.FromPem(issued.CertificatePem, issued.PrivateKeyPem, issued.RootPem, []);
    }

    private static void Explain(IPEndPoint listen, DemoSettings settings) => Console.Out.WriteLine($"""

        The demo runs: curl -> {listen} (client's ztunnel) => HBONE => waypoint {settings.Hbone} => HBONE => greeter v1, v2

            curl http://{listen}/hello                     # version v1
            curl -H '{DemoMesh.VersionHeader}: v2' http://{listen}/hello  # version v2

        From another shell, as any identity:

            waypoint connect --to {DemoMesh.Vip}:{DemoMesh.ServicePort} --listen 127.0.0.1:18081 --dev-ca {settings.ControlPlane} --identity spiffe://cluster.local/ns/clients/sa/me

        Ctrl-C ends it.

        """);
}
