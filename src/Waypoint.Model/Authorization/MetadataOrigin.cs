namespace Waypoint.Model.Authorization;

/// <summary>Where a metadata rule looks (<c>envoy.config.rbac.v3.MetadataSource</c>).</summary>
public enum MetadataOrigin
{
    /// <summary>What filters wrote for this request, such as the claims of a token (the default).</summary>
    Dynamic,

    /// <summary>The metadata of the route; a rule never matches while there is no route.</summary>
    Route,
}
