namespace Waypoint.ControlPlane.Ads;

/// <summary>One type on one stream.</summary>
internal sealed class AdsServerSubscription(bool isWildcard)
{
    public bool IsWildcard { get; set; } = isWildcard;

    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    public bool Covers(string name) => IsWildcard || Names.Contains(name);
}
