using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tls;
using Waypoint.Load.Shims;

namespace Waypoint.Load.Commands;

/// <summary><c>source</c>: the ztunnel in front of the waypoint.</summary>
internal static class SourceCommand
{
    private static readonly Option<string> To = new("--to") { Required = true, Description = "HBONE address of the waypoint.", HelpName = "IP:PORT" };
    private static readonly Option<string[]> Map = new("--map") { Required = true, Description = "Where to listen, and what the tunnels are for.", HelpName = "IP:PORT=IP:PORT", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> Connections = new("--connections") { DefaultValueFactory = _ => 1, Description = "HBONE connections that the tunnels of a mapping are spread over." };

    public static Command Create()
    {
        var command = new Command("source", "Turns TCP connections into tunnels to the waypoint.") { To, Map, Connections, CertificateOptions.Certs, CertificateOptions.As };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var identities = new TlsIdentitySource(CertificateOptions.Read(parsed));
        await using var pool = new TunnelPool(new TunnelPoolOptions(), identities, new SocketDialer(), TimeProvider.System, NullLoggerFactory.Instance);
        var hbone = IPEndPoint.Parse(parsed.GetRequiredValue(To));
        var running = new List<Task>();
        foreach (string mapping in parsed.GetRequiredValue(Map))
        {
            var (listen, authority) = Addresses.ParseMapping(mapping);
            var targets = Enumerable.Range(0, Math.Max(parsed.GetValue(Connections), 1)).Select(i => Target(hbone, authority, i)).ToArray();
            running.Add(new SourceShim(pool, targets).RunAsync(listen, stop));
        }
        Console.WriteLine("ready");
        await Task.WhenAll(running);
    }

    /// <summary>The uid is a part of the pool's key: another number, another connection.</summary>
    private static TunnelTarget Target(IPEndPoint hbone, IPEndPoint authority, int number) => new()
    {
        HboneAddress = hbone,
        Authority = authority.ToString(),
        Expected = Model.Identity.ExpectedPeer.InTrustDomains(Mesh.MeshShape.TrustDomain),
        EndpointUid = $"{authority}#{number}",
    };
}
