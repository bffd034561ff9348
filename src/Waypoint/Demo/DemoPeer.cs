namespace Waypoint.Demo;

/// <summary>Connection feature: who opened the tunnel.</summary>
/// <param name="Principal">SPIFFE id.</param>
internal sealed record DemoPeer(string Principal);
