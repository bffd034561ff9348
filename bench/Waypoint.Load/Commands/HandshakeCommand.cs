using System.CommandLine;
using Waypoint.Hbone.Tls;
using Waypoint.Hbone.Tunnels;
using Waypoint.Load.Clients;

namespace Waypoint.Load.Commands;

/// <summary><c>handshake</c>: a new connection for every request, or a new tunnel on one connection. One after the other, so that the number of requests divides the CPU time.</summary>
internal static class HandshakeCommand
{
    private static readonly Option<bool> OneConnection = new("--one-connection") { Description = "All tunnels on one HBONE connection." };

    public static Command Create()
    {
        var command = new Command("handshake", "A new mTLS connection, or only a new tunnel, per request.")
        {
            ClientOptions.To, ClientOptions.Path, ClientOptions.Count, ClientOptions.Authority, CertificateOptions.Certs, CertificateOptions.As, OneConnection,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var identity = CertificateOptions.Read(parsed);
        int count = parsed.GetValue(ClientOptions.Count);
        string path = parsed.GetRequiredValue(ClientOptions.Path);
        if (parsed.GetValue(OneConnection))
        {
            await using var client = Client(parsed, identity);
            for (int i = 0; i < count; i++)
                await RequestAsync(new TunnelStream(await client.OpenAsync(0, stop)), path, stop);
        }
        else if (parsed.GetValue(ClientOptions.Authority) is null)
        {
            var client = new ClientConnection(ClientOptions.EndPoint(parsed), parsed.GetRequiredValue(CertificateOptions.Certs));
            for (int i = 0; i < count; i++)
                await RequestAsync(await client.OpenAsync(stop), path, stop);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                await using var client = Client(parsed, identity);
                await RequestAsync(new TunnelStream(await client.OpenAsync(0, stop)), path, stop);
            }
        }
        Console.WriteLine($$"""{"requests": {{count}}}""");
    }

    private static async Task RequestAsync(Stream stream, string path, CancellationToken stop)
    {
        await using (stream)
            await new PlainHttp(stream, ClientOptions.Host).GetAsync(path, stop);
    }

    private static HboneClient Client(ParseResult parsed, TlsIdentity identity) =>
        new(identity, ClientOptions.EndPoint(parsed), parsed.GetValue(ClientOptions.Authority) ?? throw new InvalidOperationException("--one-connection needs --authority."));
}
