using System.CommandLine;
using System.Net;
using Waypoint.Load.Clients;

namespace Waypoint.Load.Commands;

/// <summary>Options that the clients share.</summary>
internal static class ClientOptions
{
    public static readonly Option<string> To = new("--to") { Required = true, Description = "Address to connect to.", HelpName = "IP:PORT" };
    public static readonly Option<string> Path = new("--path") { DefaultValueFactory = _ => "/1k", Description = "Path of the requests." };
    public static readonly Option<int> Connections = new("--connections") { DefaultValueFactory = _ => 1, Description = "Connections at the same time." };
    public static readonly Option<int> Count = new("--count") { DefaultValueFactory = _ => 200, Description = "How many." };
    public static readonly Option<string?> Authority = new("--authority") { Description = "What the tunnels are for; without it, TLS without tunnels.", HelpName = "IP:PORT" };
    public static readonly Option<string?> TlsCerts = new("--tls-certs") { Description = "Folder of the certificates; without it, plain TCP.", HelpName = "DIR" };

    /// <summary>Value of the Host header.</summary>
    public const string Host = "target.load.svc.cluster.local";

    /// <summary>The address of <see cref="To"/>.</summary>
    public static IPEndPoint EndPoint(ParseResult parsed) => IPEndPoint.Parse(parsed.GetRequiredValue(To));

    /// <summary>Opens connections to <see cref="To"/>, with TLS if <see cref="TlsCerts"/> is given.</summary>
    public static ClientConnection Client(ParseResult parsed) => new(EndPoint(parsed), parsed.GetValue(TlsCerts));
}
