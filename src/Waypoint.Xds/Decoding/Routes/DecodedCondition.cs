using Waypoint.Model.Matching;
using Waypoint.Model.Routes;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>A route's condition with what its rewrites depend on.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Template">The URI template it consists of; null for other forms.</param>
internal readonly record struct DecodedCondition(RouteCondition Condition, PathTemplate? Template);
