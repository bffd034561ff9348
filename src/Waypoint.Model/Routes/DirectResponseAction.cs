namespace Waypoint.Model.Routes;

/// <summary>The proxy answers itself (<c>envoy.config.route.v3.DirectResponseAction</c>).</summary>
/// <param name="status"><c>status</c>, 200-599.</param>
/// <param name="body"><c>body</c>; empty for none.</param>
public sealed class DirectResponseAction(int status, ReadOnlyMemory<byte> body) : RouteAction
{
    /// <summary>Status code.</summary>
    public int Status { get; } = status;

    /// <summary>Body, sent as <c>text/plain</c> unless a response header edit says otherwise; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;
}
