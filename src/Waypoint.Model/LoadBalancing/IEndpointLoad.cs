namespace Waypoint.Model.LoadBalancing;

/// <summary>How busy the endpoints of an <see cref="EndpointSet"/> are. Read by many threads at once; must neither block nor allocate.</summary>
public interface IEndpointLoad
{
    /// <summary>Requests (or connections, for TCP) under way on endpoint <paramref name="index"/> of <see cref="EndpointSet.Endpoints"/>.</summary>
    uint ActiveRequests(int index);
}
