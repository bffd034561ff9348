namespace Waypoint.Proxy.Upstream;

/// <summary>A request that tells the connection that carries it (<see cref="RequestBeingWritten"/>) where its interim responses go.</summary>
internal sealed class UpstreamRequest(InterimTarget interims) : HttpRequestMessage
{
    /// <summary>Where interim responses go.</summary>
    public InterimTarget Interims => interims;
}
