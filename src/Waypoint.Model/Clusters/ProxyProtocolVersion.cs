namespace Waypoint.Model.Clusters;

/// <summary><c>envoy.config.core.v3.ProxyProtocolConfig.version</c>.</summary>
public enum ProxyProtocolVersion
{
    /// <summary>No PROXY header.</summary>
    None,

    /// <summary>A line of text.</summary>
    V1,

    /// <summary>Binary.</summary>
    V2,
}
