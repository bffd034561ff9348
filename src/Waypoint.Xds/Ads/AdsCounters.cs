namespace Waypoint.Xds.Ads;

/// <summary>What has happened since the start; only ever grows. A copy: numbers of one moment.</summary>
/// <param name="Streams">Streams on which a response arrived.</param>
/// <param name="Disconnects">Streams and attempts that ended.</param>
/// <param name="Responses">All responses that arrived.</param>
/// <param name="Acks">Responses that were accepted.</param>
/// <param name="Nacks">Responses that were refused, as a whole or in part.</param>
/// <param name="Dropped">Responses of a type that is not subscribed.</param>
public readonly record struct AdsCounters(long Streams, long Disconnects, long Responses, long Acks, long Nacks, long Dropped);
