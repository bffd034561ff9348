using Waypoint.Model.Failures;

namespace Waypoint.Proxy.Inbound;

/// <summary>What the network filters of a chain say about a connection.</summary>
/// <param name="Failure">Why it may not pass; <see cref="FailureReason.None"/>: it may.</param>
/// <param name="Details">Which policy or service says so, for the access log.</param>
internal readonly record struct TcpVerdict(FailureReason Failure, string? Details)
{
    /// <summary>It may pass.</summary>
    public static TcpVerdict Allowed => default;

    public bool IsAllowed => Failure == FailureReason.None;
}
