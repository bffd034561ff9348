using System.Runtime.InteropServices;
using Waypoint.Model.Endpoints;

namespace Waypoint.Model.LoadBalancing;

/// <summary>The outcome of <see cref="EndpointSet.Pick"/>.</summary>
/// <param name="Index">Place in <see cref="EndpointSet.Endpoints"/>; -1 if there is no endpoint to pick (<c>no healthy upstream</c>).</param>
/// <param name="Endpoint">The endpoint, or null.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PickedEndpoint(int Index, Endpoint? Endpoint)
{
    /// <summary>Nothing to pick.</summary>
    public static PickedEndpoint None => new(-1, null);
}
