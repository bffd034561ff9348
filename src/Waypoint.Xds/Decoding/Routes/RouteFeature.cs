namespace Waypoint.Xds.Decoding.Routes;

/// <summary>What a route may ask for and the data path has to be able to do.</summary>
public enum RouteFeature
{
    /// <summary>Cross-origin answers in the older form (<c>RouteAction.cors</c>, <c>VirtualHost.cors</c>) instead of settings for the filter.</summary>
    CorsWithoutFilter,

    /// <summary>Copies of requests (<c>request_mirror_policies</c>).</summary>
    Mirroring,

    /// <summary>Redirects of the upstream that the proxy follows itself (<c>internal_redirect_policy</c>).</summary>
    InternalRedirects,

    /// <summary>Headers that external requests may not carry (<c>internal_only_headers</c>).</summary>
    InternalOnlyHeaders,

    /// <summary>CONNECT requests turned into TCP (<c>upgrade_configs.connect_config</c>).</summary>
    ConnectTermination,

    /// <summary>The endpoint's name as the authority (<c>auto_host_rewrite</c>).</summary>
    EndpointHostRewrite,

    /// <summary>Upgrades that a route allows or forbids against the chain's list (<c>upgrade_configs</c>).</summary>
    UpgradesPerRoute,

    /// <summary>Filter settings of one of several destinations (<c>weighted_clusters.clusters.typed_per_filter_config</c>).</summary>
    FilterConfigPerWeightedCluster,

    /// <summary>Requests sent twice at the same time (<c>hedge_policy</c>).</summary>
    Hedging,
}
