namespace Waypoint.Model.Clusters;

/// <summary><c>envoy.config.core.v3.TcpKeepalive</c>; null fields are the system's defaults.</summary>
/// <param name="Probes"><c>keepalive_probes</c>: unanswered probes until the connection is dead.</param>
/// <param name="IdleTime"><c>keepalive_time</c>: silence before the first probe.</param>
/// <param name="Interval"><c>keepalive_interval</c>: between probes.</param>
public sealed record TcpKeepAlive(int? Probes, TimeSpan? IdleTime, TimeSpan? Interval);
