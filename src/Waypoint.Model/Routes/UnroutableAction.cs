namespace Waypoint.Model.Routes;

/// <summary>The request is answered with 404 as if no route fitted: the route relies on an optional extension that this proxy does not have.</summary>
/// <param name="reason">Which one.</param>
public sealed class UnroutableAction(string reason) : RouteAction
{
    /// <summary>Which extension is missing.</summary>
    public string Reason { get; } = reason;
}
