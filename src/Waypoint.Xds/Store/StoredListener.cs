using Waypoint.Model.Listeners;

namespace Waypoint.Xds.Store;

/// <summary>A listener as it is kept: <c>connect_terminate</c>, or one that only leads through Envoy (then null).</summary>
internal sealed record StoredListener(TunnelTerminationConfig? Termination)
{
    /// <summary>A listener of which nothing but its existence matters.</summary>
    public static StoredListener InternalHop { get; } = new((TunnelTerminationConfig?)null);
}
