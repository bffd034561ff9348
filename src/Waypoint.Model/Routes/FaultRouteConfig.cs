using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Routes;

/// <summary><c>envoy.extensions.filters.http.fault.v3.HTTPFault</c> on a route: first the delay, then the abort.</summary>
public sealed record FaultRouteConfig : HttpFilterRouteConfig
{
    /// <summary><c>delay.fixed_delay</c>; zero: none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary><c>delay.percentage</c>; absent is never.</summary>
    public Fraction DelayShare { get; init; } = new(0, 100);

    /// <summary><c>abort.http_status</c>; 0: none.</summary>
    public int AbortStatus { get; init; }

    /// <summary><c>abort.grpc_status</c>; null: none.</summary>
    public int? AbortGrpcStatus { get; init; }

    /// <summary><c>abort.percentage</c>; absent is never.</summary>
    public Fraction AbortShare { get; init; } = new(0, 100);
}
