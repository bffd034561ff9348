namespace Waypoint.Xds.Ads;

/// <summary>One type of resource as an operator wants to see it.</summary>
/// <param name="TypeUrl">The type.</param>
/// <param name="SubscribedNames">Names asked for; 0 for a wildcard.</param>
/// <param name="KnownResources">Resources that the control plane is known to have told, good or refused.</param>
/// <param name="Version">Push of the last response (<c>system_version_info</c>); empty before the first.</param>
/// <param name="LastAcknowledged">When a response was last accepted.</param>
/// <param name="LastNack">Why the last response was refused; null when it was accepted.</param>
public sealed record AdsTypeStatus(
    string TypeUrl, int SubscribedNames, int KnownResources, string Version, DateTimeOffset? LastAcknowledged, string? LastNack);
