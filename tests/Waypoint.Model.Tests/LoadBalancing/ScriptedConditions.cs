using Waypoint.Model.LoadBalancing;

namespace Waypoint.Model.Tests.LoadBalancing;

/// <summary>Conditions as the test says: some endpoints ejected, some warming up.</summary>
internal sealed class ScriptedConditions(int[]? ejected = null, double[]? warm = null) : IEndpointConditions
{
    public bool IsEjected(int index) => ejected is not null && ejected.Contains(index);

    public double WarmFactor(int index) => warm is null ? 1 : warm[index];
}
