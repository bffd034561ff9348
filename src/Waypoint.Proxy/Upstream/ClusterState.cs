using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream;

/// <summary>One consistent view of a cluster: its configuration, its endpoints and their runtimes. Immutable; a request takes it once.</summary>
/// <param name="Config">The cluster's configuration.</param>
/// <param name="Assignment">The endpoints as configured.</param>
/// <param name="Endpoints">One runtime per endpoint, in the order of <paramref name="Assignment"/>.</param>
/// <param name="Known">False until the first endpoints arrived.</param>
internal sealed record ClusterState(ClusterConfig Config, ClusterEndpoints Assignment, EndpointRuntime[] Endpoints, bool Known);
