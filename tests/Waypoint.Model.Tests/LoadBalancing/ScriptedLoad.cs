using Waypoint.Model.LoadBalancing;

namespace Waypoint.Model.Tests.LoadBalancing;

/// <summary>As busy as the test says; idle where it says nothing.</summary>
internal sealed class ScriptedLoad(params uint[] active) : IEndpointLoad
{
    public uint ActiveRequests(int index) => index < active.Length ? active[index] : 0;
}
