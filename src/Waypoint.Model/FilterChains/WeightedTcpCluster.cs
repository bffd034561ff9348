namespace Waypoint.Model.FilterChains;

/// <summary>One destination of a TCP chain.</summary>
/// <param name="Cluster">Cluster name; it may name a cluster that does not exist.</param>
/// <param name="Weight">Share of new connections among the chain's clusters, at least 1.</param>
public readonly record struct WeightedTcpCluster(string Cluster, uint Weight);
