using Waypoint.Model.FilterChains;
using Waypoint.Model.Routes;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>What a route gets from above unless it says something else itself.</summary>
internal sealed record InheritedRouteSettings
{
    /// <summary><c>typed_per_filter_config</c> by filter name.</summary>
    public required IReadOnlyDictionary<string, HttpFilterRouteConfig> FilterConfigs { get; init; }

    /// <summary><c>request_mirror_policies</c>.</summary>
    public required IReadOnlyList<MirrorPolicy> Mirrors { get; init; }

    /// <summary><c>retry_policy</c>.</summary>
    public RetryPolicyConfig? RetryPolicy { get; init; }

    /// <summary><c>request_body_buffer_limit</c> in bytes.</summary>
    public ulong? BodyBufferLimit { get; init; }
}
