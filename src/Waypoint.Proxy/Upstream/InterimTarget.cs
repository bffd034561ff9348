using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Upstream;

/// <summary>Where the interim responses to one request go.</summary>
/// <param name="Output">The client's connection; null if the client takes none.</param>
/// <param name="Request">The request's number there.</param>
internal readonly record struct InterimTarget(ResponseOutput? Output, int Request)
{
    /// <summary>Sends one, unless it is too late.</summary>
    public void Send(ResponseHead head) => Output?.WriteInterim(Request, InterimHead.Of(head));
}
