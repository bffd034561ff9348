namespace Waypoint.Demo;

/// <summary>Connection feature: the pod that a tunnel leads to, and who opened it.</summary>
/// <param name="Name">Of the pod.</param>
/// <param name="Version">v1 or v2.</param>
/// <param name="ReachedBy">SPIFFE id of the tunnel's client.</param>
internal sealed record DemoPod(string Name, string Version, string ReachedBy);
