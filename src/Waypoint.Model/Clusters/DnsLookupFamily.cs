namespace Waypoint.Model.Clusters;

/// <summary><c>Cluster.DnsLookupFamily</c>: which address families of a name are used.</summary>
public enum DnsLookupFamily
{
    /// <summary>AUTO: IPv6 addresses; IPv4 if there are none.</summary>
    Auto,

    /// <summary>V4_ONLY.</summary>
    V4Only,

    /// <summary>V6_ONLY.</summary>
    V6Only,

    /// <summary>V4_PREFERRED: IPv4 addresses; IPv6 if there are none.</summary>
    V4Preferred,

    /// <summary>ALL: both, IPv6 first.</summary>
    All,
}
