using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Routes;

/// <summary><c>envoy.extensions.filters.http.cors.v3.CorsPolicy</c> on a route.</summary>
public sealed record CorsRouteConfig : HttpFilterRouteConfig
{
    /// <summary><c>allow_origin_string_match</c>: one that fits the origin is enough.</summary>
    public IReadOnlyList<StringMatcher> AllowedOrigins { get; init; } = [];

    /// <summary><c>allow_methods</c>, as sent; empty: the header is not set.</summary>
    public string AllowMethods { get; init; } = "";

    /// <summary><c>allow_headers</c>, as sent; empty: the header is not set.</summary>
    public string AllowHeaders { get; init; } = "";

    /// <summary><c>expose_headers</c>, as sent; empty: the header is not set.</summary>
    public string ExposeHeaders { get; init; } = "";

    /// <summary><c>max_age</c>, seconds as text; empty: the header is not set.</summary>
    public string MaxAge { get; init; } = "";

    /// <summary><c>allow_credentials</c>; default false.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary><c>allow_private_network_access</c>; default false.</summary>
    public bool AllowPrivateNetwork { get; init; }

    /// <summary><c>forward_not_matching_preflights</c>; default true.</summary>
    public bool ForwardNotMatchingPreflights { get; init; } = true;

    /// <summary><c>filter_enabled</c>; absent: always.</summary>
    public RuntimeFraction? Enabled { get; init; }

    /// <summary><c>shadow_enabled</c>; absent: never.</summary>
    public RuntimeFraction? Shadow { get; init; }
}
