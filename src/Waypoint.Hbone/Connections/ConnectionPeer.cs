using System.Net;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Connections;

/// <summary>Who stands at the two ends of a connection.</summary>
internal sealed record ConnectionPeer(SpiffeId Identity, SpiffeId LocalIdentity, IPEndPoint RemoteEndPoint, IPEndPoint LocalEndPoint);
