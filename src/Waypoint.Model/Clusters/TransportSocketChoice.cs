namespace Waypoint.Model.Clusters;

/// <summary>One way to reach endpoints of a cluster: <c>transport_socket</c> or an entry of <c>transport_socket_matches</c>.</summary>
/// <param name="Name">Name of the match, or <c>default</c>.</param>
/// <param name="Labels">All of them must stand in the endpoint's <c>envoy.transport_socket_match</c> metadata; empty fits every endpoint.</param>
/// <param name="RefusedBecause">Null if bytes go out as they are (raw buffer, also inside HBONE); otherwise why this socket cannot be used (for example TLS origination):
/// endpoints that need it are answered with 503.</param>
public sealed record TransportSocketChoice(string Name, IReadOnlyDictionary<string, string> Labels, string? RefusedBecause)
{
    /// <summary>Bytes as they are, for every endpoint.</summary>
    public static TransportSocketChoice Plain { get; } = new("default", new Dictionary<string, string>(), null);
}
