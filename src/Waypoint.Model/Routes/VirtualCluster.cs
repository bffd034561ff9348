using Waypoint.Model.Matching;

namespace Waypoint.Model.Routes;

/// <summary>A named class of requests, for statistics only (<c>envoy.config.route.v3.VirtualCluster</c>).</summary>
/// <param name="Name"><c>name</c>.</param>
/// <param name="Headers"><c>headers</c>: all must match.</param>
public sealed record VirtualCluster(string Name, IReadOnlyList<HeaderMatcher> Headers);
