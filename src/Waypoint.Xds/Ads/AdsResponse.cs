namespace Waypoint.Xds.Ads;

/// <summary>
/// One delta response that passed the checks which concern it as a whole: its type is subscribed, no name occurs twice,
/// every resource has the type of the response. A resource that is absent is unchanged, not removed.
/// </summary>
/// <param name="TypeUrl">Type of every resource in it.</param>
/// <param name="SystemVersionInfo">Of the push, the same for all types of it (<c>2026-11-21T08:09:59Z/3</c>); for people only.</param>
/// <param name="Resources">New or changed, or sent again unchanged.</param>
/// <param name="RemovedNames">Gone. May hold names that were never known: ignore those. Never used for EDS, RDS and ECDS.</param>
public sealed record AdsResponse(
    string TypeUrl, string SystemVersionInfo, IReadOnlyList<AdsResource> Resources, IReadOnlyList<string> RemovedNames);
