namespace Waypoint.Model.Endpoints;

/// <summary>The load assignment of one cluster (<c>envoy.config.endpoint.v3.ClusterLoadAssignment</c>). Immutable.</summary>
/// <param name="Localities">In the order they were sent; empty: the cluster has no hosts.</param>
/// <param name="OverprovisioningFactorPercent"><c>policy.overprovisioning_factor</c>; default 140.</param>
public sealed record ClusterEndpoints(IReadOnlyList<LocalityEndpoints> Localities, uint OverprovisioningFactorPercent = 140)
{
    /// <summary>No hosts at all.</summary>
    public static ClusterEndpoints Empty { get; } = new([]);
}
