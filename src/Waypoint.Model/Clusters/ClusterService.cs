namespace Waypoint.Model.Clusters;

/// <summary>The service a cluster belongs to (<c>filter_metadata.istio.services[0]</c>), for telemetry labels.</summary>
public sealed record ClusterService(string Host, string Name, string Namespace);
