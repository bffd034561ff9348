using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tls;
using Waypoint.Logging;
using Waypoint.Model.Identity;

namespace Waypoint.Hosting;

/// <summary>Runs <c>waypoint connect</c> until it is told to end.</summary>
internal static class ConnectSession
{
    public static async Task<int> RunAsync(ConnectSettings settings, LogLevels levels)
    {
        using var signal = new ShutdownSignal();
        await using var log = new ProcessLog(levels, TimeProvider.System);
        var identity = PemIdentity.Load(settings.CertificatePem, settings.KeyPem, settings.RootsPem);
        await using var tunnels = new TunnelPool(new TunnelPoolOptions(), new TlsIdentitySource(identity), new SocketDialer(), TimeProvider.System, log.Factory);
        await using var port = Open(settings, identity, tunnels, log.Factory);
        await signal.Begun.WhenCancelledAsync();
        return 0;
    }

    /// <summary>Opens and starts the local port.</summary>
    public static LocalTunnelPort Open(ConnectSettings settings, TlsIdentity identity, TunnelPool tunnels, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<LocalTunnelPort>();
        var target = new TunnelTarget
        {
            HboneAddress = settings.Waypoint,
            Authority = settings.To,
            // The waypoint's identity is not known here; whoever holds a certificate of our own trust domain may answer.
            Expected = ExpectedPeer.InTrustDomains(identity.Id.TrustDomain),
        };
        var port = new LocalTunnelPort(settings.Listen, tunnels, target, logger);
        port.Start();
        LocalTunnelPortLog.Open(logger, port.EndPoint.ToString(), settings.To, settings.Waypoint.ToString(), identity.Id.Uri);
        return port;
    }
}
