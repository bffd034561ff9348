using System.Net;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Identity;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Http;

/// <summary>What is known of the tunnel that carries a connection: the facts that Envoy's hops hand to each other as filter state. A feature of the inner connection,
/// immutable but for what is set while the inner connection is made.</summary>
internal sealed class TunnelContext
{
    // One object, so that streams of the connection that look at the same time never pair a chain with another snapshot.
    private volatile Found? _found;

    /// <summary>The client's identity from its certificate (<c>io.istio.peer_principal</c>).</summary>
    public required SpiffeId Peer { get; init; }

    /// <summary>Our own identity when the connection was made (<c>io.istio.local_principal</c>).</summary>
    public required SpiffeId Local { get; init; }

    /// <summary>The CONNECT authority as sent (<c>io.istio.connect_authority</c>).</summary>
    public required string Authority { get; init; }

    /// <summary>What the client dialled; null for a host name.</summary>
    public required IPEndPoint? Destination { get; init; }

    /// <summary>The HBONE peer's address: the client pod.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>The tunnel's facts as filters ask for them.</summary>
    public required TunnelFilterState State { get; init; }

    /// <summary>Name of the chain that was chosen when the tunnel was opened; it is looked up again by name for each request.</summary>
    public required string ChainName { get; init; }

    /// <summary>The tunnel's chain in <paramref name="snapshot"/>; null if it is gone. Looked for once in each snapshot.</summary>
    public ChainRuntime? ChainIn(RuntimeSnapshot snapshot)
    {
        if (_found is { } found && found.Serial == snapshot.Serial)
        {
            return found.Chain;
        }

        ChainRuntime? chain = snapshot.Chains.GetValueOrDefault(ChainName);
        _found = new Found(snapshot.Serial, chain);
        return chain;
    }

    /// <summary>A number of this connection alone, from which affinity cookies are made: all its requests get the same one.</summary>
#pragma warning disable CA5394 // spreads load, protects nothing
    public ulong CookieSeed { get; } = (ulong)Random.Shared.NextInt64();
#pragma warning restore CA5394

    /// <summary>What detection found.</summary>
    public required ApplicationProtocol Protocol { get; init; }

    /// <summary>Reads the connection's HTTP/1 messages; null for HTTP/2. Set once, before the first request.</summary>
    public Http1Intake? Wire { get; set; }

    /// <summary>Writes the connection's HTTP/1 messages; null for HTTP/2. Set once, before the first request.</summary>
    public ResponseOutput? Output { get; set; }

    /// <summary>The worker that serves the tunnel: upstream connections of the same one are used. Set once, before the first request.</summary>
    public int Worker { get; set; }

    /// <summary>The connection's limits; null: none. Set once, before the first request.</summary>
    public ConnectionLimits? Limits { get; set; }

    /// <summary>The destination as text for logs: what stood in the CONNECT.</summary>
    public string DestinationText => Authority;

    /// <summary>The client's address as text for logs.</summary>
    public string SourceText => State.SourceText;

    private sealed record Found(long Serial, ChainRuntime? Chain);
}
