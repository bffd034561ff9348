using Waypoint.Model.Hashing;

namespace Waypoint.Model.Clusters;

/// <summary>One way to reach endpoints of a cluster: <c>transport_socket</c> or an entry of <c>transport_socket_matches</c>.</summary>
/// <param name="Name">Name of the match, or <c>default</c>.</param>
/// <param name="Labels">All of them must stand in the endpoint's <c>envoy.transport_socket_match</c> metadata; empty fits every endpoint.</param>
/// <param name="RefusedBecause">Null if the socket can be used; otherwise why it cannot: endpoints that need it are answered with 503.</param>
public sealed record TransportSocketChoice(string Name, IReadOnlyDictionary<string, string> Labels, string? RefusedBecause)
{
    /// <summary>Bytes as they are, for every endpoint.</summary>
    public static TransportSocketChoice Plain { get; } = new("default", new Dictionary<string, string>(), null);

    /// <summary>TLS towards the application, inside the tunnel where there is one; null: none.</summary>
    public UpstreamTlsConfig? Tls { get; init; }

    /// <summary>The PROXY header in front of everything else, also of TLS.</summary>
    public ProxyProtocolVersion ProxyProtocol { get; init; }

    /// <summary>Hash of the serialised socket; sockets of one hash carry connections alike.</summary>
    public ContentHash ContentHash { get; init; }
}
