using Waypoint.Model.Clusters;
using Waypoint.Model.LoadBalancing;

namespace Waypoint.Proxy.Upstream;

/// <summary>What the runtimes of a cluster know about their endpoints, at the moment a set is built.</summary>
/// <param name="runtimes">In the order of the set.</param>
/// <param name="slowStart">Warm-up of new endpoints; null: none.</param>
/// <param name="time">The clock.</param>
internal sealed class RuntimeConditions(EndpointRuntime[] runtimes, SlowStartConfig? slowStart, TimeProvider time) : IEndpointConditions
{
    /// <summary>Some endpoint has not got its whole weight yet: the set is to be built again soon.</summary>
    public bool IsWarming { get; private set; }

    public bool IsEjected(int index) => runtimes[index].IsEjected;

    public double WarmFactor(int index)
    {
        if (slowStart is null)
        {
            return 1;
        }

        double factor = slowStart.FactorAt(time.GetElapsedTime(runtimes[index].WarmSince));
        IsWarming |= factor < 1;
        return factor;
    }
}
