using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Waypoint.Agent;
using Waypoint.Cli;
using Waypoint.Hbone.Tls;
using Waypoint.Options;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Proxy;

namespace Waypoint.Hosting;

/// <summary>Runs <c>waypoint proxy</c>: readiness server first, then certificate and configuration side by side, then the data plane.</summary>
internal static class ContainerSession
{
    private static readonly TimeSpan UntilIdle = TimeSpan.FromDays(1);

    public static async Task<int> RunAsync(ContainerSettings settings)
    {
        using var signal = new ShutdownSignal();
        await using var log = new ProcessLog(settings.Levels, TimeProvider.System, settings.JsonLog);
        var logger = log.Factory.CreateLogger(typeof(ContainerSession).FullName!);
        var environment = settings.Environment;
        CompliancePolicy.Check(environment);
        var annotations = DownwardFile.Read(environment.AnnotationsPath);
        var config = ProxyConfigReader.Read(environment, annotations);
        var node = NodeIdentityBuilder.Build(environment, settings.NodeType, settings.Domain, config, DownwardFile.Read(environment.LabelsPath), annotations);
        ContainerSessionLog.Starting(logger, VersionCommand.Version, node.Id, node.Principal, config.Document.ToJsonString(JsonSerializerOptions.Default));
        if (settings.UnknownArguments.Count > 0)
            ContainerSessionLog.UnknownArguments(logger, string.Join(' ', settings.UnknownArguments));

        var bind = environment.Addresses(EnvironmentTable.Bind);
        var readiness = new Readiness();
        await using var status = new StatusServer(readiness, bind, log.Factory);
        await status.StartAsync(signal.Begun);

        var token = new TokenFile(environment.TokenPath, log.Factory.CreateLogger<TokenFile>());
        var certificates = new TlsIdentitySource();
        var identity = new IdentityPublisher(certificates, readiness);
        var rotator = Rotator(environment, config, node, token, identity, log.Factory);
        var options = new ProxyOptions
        {
            Listen = HostAddresses.Hbone(bind),
            AccessJsonFile = environment.Text(EnvironmentTable.AccessJson),
            NameServers = environment.EndPoints(EnvironmentTable.NameServers),
            FilePrefixes = environment.Pairs(EnvironmentTable.FileMap),
            DrainDeadline = environment.Flag(EnvironmentTable.DrainExit) ? UntilIdle : config.TerminationDrain,
        };
        await using var host = new WaypointHost(options, ToNode(node), IstiodAccess.Discovery(environment, config, node, token), certificates, identity, readiness, log.Factory);

        // Renewal goes on through the drain: a certificate must not end under the last requests.
        using var stop = new CancellationTokenSource();
        var renewing = Task.WhenAll(
            rotator.RunAsync(stop.Token),
            new RevocationFile(environment.RevocationListPath, identity, TimeProvider.System, log.Factory.CreateLogger<RevocationFile>()).RunAsync(stop.Token));
        await host.RunAsync(signal.Begun);
        await stop.CancelAsync();
        await renewing;
        ContainerSessionLog.Ended(logger);
        return 0;
    }

    /// <summary>The node as it goes into the first request of each stream.</summary>
    public static Node ToNode(NodeIdentity node) => new()
    {
        Id = node.Id,
        Cluster = node.Cluster,
        Metadata = Struct.Parser.ParseJson(node.Metadata.ToJsonString(JsonSerializerOptions.Default)),
        UserAgentName = "envoy",
        Locality = new Locality(),
    };

    private static CertificateRotator Rotator(ContainerEnvironment environment, ProxyConfig config, NodeIdentity node, TokenFile token, IdentityPublisher identity, ILoggerFactory loggers)
    {
        var authority = new CertificateClient(IstiodAccess.Certificates(environment, config, node, token), environment.Text(EnvironmentTable.CertSigner) ?? "", TimeProvider.System, Random.Shared);
        return new CertificateRotator(authority, node.Principal, WorkloadKeySettings.From(environment), RenewalSchedule.From(environment),
            certificate => identity.Install(certificate.ChainPem, certificate.KeyPem, certificate.RootsPem), TimeProvider.System, Random.Shared, loggers.CreateLogger<CertificateRotator>());
    }
}
