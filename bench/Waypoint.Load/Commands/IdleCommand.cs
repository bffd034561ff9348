using System.CommandLine;
using Waypoint.Hbone.Tunnels;
using Waypoint.Load.Clients;

namespace Waypoint.Load.Commands;

/// <summary><c>idle</c>: opens connections or tunnels, prints <c>ready</c>, and holds them until its input ends.</summary>
internal static class IdleCommand
{
    private const int TunnelsPerConnection = 50;

    private static readonly Option<string> Kind = new Option<string>("--kind") { Required = true, Description = "What to hold; tls needs no waypoint." }.AcceptOnlyFromAmong("tls", "connection", "tcp", "http");

    public static Command Create()
    {
        var command = new Command("idle", "Holds idle connections or tunnels.") { ClientOptions.To, ClientOptions.Path, ClientOptions.Count, ClientOptions.Authority, CertificateOptions.Certs, CertificateOptions.As, Kind };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var identity = CertificateOptions.Read(parsed);
        string kind = parsed.GetRequiredValue(Kind);
        string path = parsed.GetRequiredValue(ClientOptions.Path);
        var plain = new ClientConnection(ClientOptions.EndPoint(parsed), parsed.GetRequiredValue(CertificateOptions.Certs));
        var held = new List<Stream>();
        await using var client = new HboneClient(identity, ClientOptions.EndPoint(parsed), parsed.GetValue(ClientOptions.Authority) ?? "");
        for (int i = 0; i < parsed.GetValue(ClientOptions.Count); i++)
        {
            Stream stream = kind == "tls"
                ? await plain.OpenAsync(stop)
                : new TunnelStream(await client.OpenAsync(kind == "connection" ? i : i / TunnelsPerConnection, stop));
            if (kind is "tls" or "http")
                await new PlainHttp(stream, ClientOptions.Host).GetAsync(path, stop);
            if (kind == "connection")
                await stream.DisposeAsync();
            else
                held.Add(stream);
        }
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync(stop);
        held.ForEach(static stream => stream.Dispose());
    }
}
