using System.Net;

namespace Waypoint.Model.Edge;

/// <summary>What the headers and the connection say about the client.</summary>
/// <param name="Client">The client's address; null: the connection's peer.</param>
/// <param name="IsInternal">True if the client counts as internal.</param>
public readonly record struct EdgeResult(IPAddress? Client, bool IsInternal);
