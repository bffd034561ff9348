namespace Waypoint.Model.Routes;

/// <summary>What a route does with a request. Closed: <see cref="ForwardAction"/>, <see cref="RedirectAction"/>, <see cref="DirectResponseAction"/>,
/// <see cref="UnroutableAction"/>. Immutable.</summary>
public abstract class RouteAction
{
    private protected RouteAction()
    {
    }
}
