using Waypoint.Model.Matching;

namespace Waypoint.Model.Routes;

/// <summary>A copy of the request to another cluster, whose answer is dropped (<c>RouteAction.RequestMirrorPolicy</c>).</summary>
/// <param name="Cluster"><c>cluster</c>; empty if <paramref name="ClusterHeader"/> names it.</param>
/// <param name="ClusterHeader"><c>cluster_header</c>, lower case; null if <paramref name="Cluster"/> is set.</param>
/// <param name="Fraction"><c>runtime_fraction</c>; null: every request.</param>
/// <param name="AppendShadowSuffix">The mirrored authority gets <c>-shadow</c>; istiod always disables it.</param>
public sealed record MirrorPolicy(string Cluster, string? ClusterHeader, RuntimeFraction? Fraction, bool AppendShadowSuffix);
