using System.Net;
using Waypoint.Agent;
using Waypoint.ControlPlane.Ads;
using Waypoint.ControlPlane.Recordings;
using Waypoint.Grpc.Client;
using Waypoint.Grpc.Server;
using Waypoint.Hbone.Tls;
using Waypoint.Logging;
using Waypoint.Options;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Proxy;

namespace Waypoint.Hosting;

/// <summary>Runs <c>waypoint run --xds-dir</c>: an ADS server in this process plays the recording, and everything behind it is the same as with a real istiod.</summary>
internal static class ReplaySession
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(ReplaySettings settings, LogLevels levels)
    {
        using var signal = new ShutdownSignal();
        await using var log = new ProcessLog(levels, TimeProvider.System);
        var readiness = new Readiness();
        var certificates = new TlsIdentitySource();
        var identity = new IdentityPublisher(certificates, readiness);
        var server = Play(settings);
        Install(identity, settings);

        var services = new GrpcServiceMap(AdsServer.MaxRequestBytes);
        server.Map(services);
        await using var listening = await GrpcServer.StartAsync(new GrpcServerOptions(), services, log.Factory, signal.Begun);
        var environment = ContainerEnvironment.OfProcess();
        var options = new ProxyOptions
        {
            Listen = HostAddresses.Hbone(settings.Bind),
            AccessJsonFile = environment.Text(EnvironmentTable.AccessJson),
            NameServers = environment.EndPoints(EnvironmentTable.NameServers),
            FilePrefixes = environment.Pairs(EnvironmentTable.FileMap),
            DrainDeadline = Drain,
        };
        var node = new Node { Id = "waypoint~127.0.0.1~replay.local~local.svc.cluster.local", Cluster = "replay", UserAgentName = "envoy" };
        await using var host = new WaypointHost(options, node, new GrpcChannelOptions { Address = (IPEndPoint)listening.EndPoint }, certificates, identity, readiness, log.Factory);
        await host.RunAsync(signal.Begun);
        return 0;
    }

    private static AdsServer Play(ReplaySettings settings)
    {
        try
        {
            var server = new AdsServer(new AdsServerOptions());
            var replay = new RecordingReplay(server, Recording.Load(settings.Folder));
            if (settings.Until is { } step)
                replay.ApplyThrough(step);
            return server;
        }
        catch (InvalidDataException error)
        {
            throw new OptionProblemException("--xds-dir", settings.Folder, "a folder with a recording of istiod's responses", error.Message);
        }
        catch (ArgumentException error)
        {
            throw new OptionProblemException("--until", settings.Until, "a step of the recording", error.Message);
        }
    }

    private static void Install(IdentityPublisher identity, ReplaySettings settings)
    {
        try
        {
            identity.Install(File.ReadAllText(settings.CertificateFile), File.ReadAllText(settings.KeyFile), File.ReadAllText(settings.RootsFile));
        }
        catch (CertificateRefusedException error)
        {
            throw new OptionProblemException("--cert, --key and --ca", settings.CertificateFile, "a certificate chain with a SPIFFE identity, its key and the roots, all PEM", error.Message);
        }
    }
}
