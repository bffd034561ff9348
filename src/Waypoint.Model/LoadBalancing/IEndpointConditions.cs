namespace Waypoint.Model.LoadBalancing;

/// <summary>What the proxy itself has found out about the endpoints of a set, by their index in <see cref="EndpointSet.Order"/>. Asked only while a set is built.</summary>
public interface IEndpointConditions
{
    /// <summary>Taken out by outlier detection: counts as unhealthy whatever EDS says.</summary>
    bool IsEjected(int index);

    /// <summary>The part of its weight, above 0 up to 1, that the endpoint has while it warms up (slow start).</summary>
    double WarmFactor(int index);
}
