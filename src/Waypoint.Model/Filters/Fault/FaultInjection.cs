using Waypoint.Model.Matching;

namespace Waypoint.Model.Filters.Fault;

/// <summary><c>envoy.extensions.filters.http.fault.v3.HTTPFault</c>: first the delay, then the abort; each strikes a share of the requests of its own.</summary>
public sealed record FaultInjection
{
    /// <summary>Body of an abort.</summary>
    public const string AbortBody = "fault filter abort";

    /// <summary>No fault at all.</summary>
    public static FaultInjection None { get; } = new();

    /// <summary><c>delay.fixed_delay</c>; zero: none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary><c>delay.percentage</c>; absent is never.</summary>
    public Fraction DelayShare { get; init; } = new(0, 100);

    /// <summary><c>abort.http_status</c>; 0: none.</summary>
    public int AbortStatus { get; init; }

    /// <summary><c>abort.grpc_status</c>; null: none. Who is no gRPC client gets 200.</summary>
    public int? AbortGrpcStatus { get; init; }

    /// <summary><c>abort.percentage</c>; absent is never.</summary>
    public Fraction AbortShare { get; init; } = new(0, 100);

    /// <summary>How long the request with this random number has to wait; zero: not at all.</summary>
    public TimeSpan DelayFor(ulong randomValue) => DelayShare.IsEnabled(randomValue) ? Delay : TimeSpan.Zero;

    /// <summary>True if the request with this random number is aborted.</summary>
    public bool Aborts(ulong randomValue) => (AbortStatus != 0 || AbortGrpcStatus is not null) && AbortShare.IsEnabled(randomValue);
}
