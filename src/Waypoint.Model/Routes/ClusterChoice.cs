namespace Waypoint.Model.Routes;

/// <summary>The cluster chosen for one request.</summary>
/// <param name="Cluster">Its name; empty if it was to come from a header that the request lacks (answered like a cluster that does not exist).</param>
/// <param name="Entry">The weighted entry that won, whose header edits and host rewrite apply too; null unless the route has weighted clusters.</param>
public readonly record struct ClusterChoice(string Cluster, WeightedCluster? Entry);
