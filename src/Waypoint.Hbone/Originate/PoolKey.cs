using System.Net;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Originate;

/// <summary>Targets with an equal key may share a connection.</summary>
internal readonly record struct PoolKey(IPEndPoint Address, string EndpointUid, ExpectedPeer Expected, int Worker)
{
    public PoolKey(TunnelTarget target) : this(target.HboneAddress, target.EndpointUid, target.Expected, target.Worker)
    {
    }
}
