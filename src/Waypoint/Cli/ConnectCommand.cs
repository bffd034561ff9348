using System.CommandLine;
using System.Net;
using Waypoint.Agent;
using Waypoint.Hosting;
using Waypoint.Logging;
using Waypoint.Options;

namespace Waypoint.Cli;

/// <summary><c>waypoint connect</c>: the client side, as a ztunnel would be. curl against the local port reaches the service through the waypoint.</summary>
internal static class ConnectCommand
{
    private static readonly Option<string> To = new("--to") { Description = "The service: its VIP and port, the authority of the CONNECT.", HelpName = "VIP:PORT", Required = true };
    private static readonly Option<IPEndPoint> Listen = new("--listen") { Description = "The local port; every connection to it becomes a tunnel.", HelpName = "IP:PORT", CustomParser = AddressList.ParseEndPoint, DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 18080) };
    private static readonly Option<IPEndPoint> Waypoint = new("--waypoint") { Description = "HBONE port of the waypoint.", HelpName = "IP:PORT", CustomParser = AddressList.ParseEndPoint, DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, HostAddresses.HbonePort) };
    private static readonly Option<IPEndPoint?> DevCa = new("--dev-ca") { Description = "Certificate authority of a running 'waypoint run --demo'; it signs a certificate for --identity.", HelpName = "IP:PORT", CustomParser = AddressList.ParseEndPoint };
    private static readonly Option<string> Identity = new("--identity") { Description = "With --dev-ca: the identity to connect as.", HelpName = "SPIFFE", DefaultValueFactory = _ => "spiffe://cluster.local/ns/clients/sa/curl" };
    private static readonly Option<string?> Cert = new("--cert") { Description = "Instead of --dev-ca: certificate chain, PEM.", HelpName = "FILE" };
    private static readonly Option<string?> Key = new("--key") { Description = "Its private key, PEM.", HelpName = "FILE" };
    private static readonly Option<string?> Ca = new("--ca") { Description = "Trust bundle for the waypoint's certificate, PEM.", HelpName = "FILE" };
    private static readonly Option<string> LogLevel = new("--log-level") { Description = "LEVEL or SCOPE:LEVEL, separated by commas.", HelpName = "LEVELS", DefaultValueFactory = _ => "info" };

    public static Command Create()
    {
        var command = new Command("connect", "Opens a local TCP port whose connections are tunnelled over HBONE to a waypoint.")
        {
            To, Listen, Waypoint, DevCa, Identity, Cert, Key, Ca, LogLevel,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var to = parsed.GetValue(To)!;
        if (!HostAndPort.TryParse(to, out _))
            throw new OptionProblemException(To.Name, to, HostAndPort.Accepted, "It is the address of the Service, such as 10.96.0.11:80.");
        var levels = new LogLevels().WithAgent(parsed.GetValue(LogLevel)!, LogLevel.Name);
        var credentials = parsed.GetValue(DevCa) is { } authority
            ? await ClientCredentials.FromDevelopmentAuthorityAsync(authority, parsed.GetValue(Identity)!)
            : ClientCredentials.FromFiles((Cert.Name, parsed.GetValue(Cert)), (Key.Name, parsed.GetValue(Key)), (Ca.Name, parsed.GetValue(Ca)));
        return await ConnectSession.RunAsync(new ConnectSettings
        {
            To = to,
            Listen = parsed.GetValue(Listen)!,
            Waypoint = parsed.GetValue(Waypoint)!,
            CertificatePem = credentials.CertificatePem,
            KeyPem = credentials.KeyPem,
            RootsPem = credentials.RootsPem,
        }, levels);
    }
}
