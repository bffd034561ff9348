namespace Waypoint.Model.Routes;

/// <summary><c>envoy.config.route.v3.VirtualHost.TlsRequirementType</c>: which requests without TLS are redirected to https.</summary>
public enum TlsRequirement
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those that are not marked as internal.</summary>
    ExternalOnly,

    /// <summary>All.</summary>
    All,
}
