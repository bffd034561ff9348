using Waypoint.Model.Listeners;

namespace Waypoint.Xds.Store;

/// <summary>A listener as it is kept: <c>connect_terminate</c>, or one that originates tunnels (then null).</summary>
internal sealed record StoredListener(TunnelTerminationConfig? Termination)
{
    /// <summary>Headers that a listener which originates tunnels adds to its CONNECT, by lower-case name.</summary>
    public IReadOnlyDictionary<string, string> ConnectHeaders { get; init; } = new Dictionary<string, string>();
}
