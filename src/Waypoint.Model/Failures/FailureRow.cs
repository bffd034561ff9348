namespace Waypoint.Model.Failures;

/// <summary>What one <see cref="FailureReason"/> looks like from outside.</summary>
/// <param name="Status">HTTP status of the local reply; 0 if none can be sent.</param>
/// <param name="Flag">Envoy's short response flag, empty if none.</param>
/// <param name="Details">Envoy's RESPONSE_CODE_DETAILS.</param>
/// <param name="Body">Body of the local reply, empty if none.</param>
/// <param name="ResetReason">The reset reason as Envoy words it, for the body after retries; empty if the failure is no reset.</param>
/// <param name="ClientsFault">True when the client caused it (logged at Debug, not counted against the upstream).</param>
public sealed record FailureRow(int Status, string Flag, string Details, string Body, string ResetReason, bool ClientsFault)
{
    /// <summary>The reset behind it; null if it is none.</summary>
    public ResetReason? Reset { get; init; }

    /// <summary>A header that marks the answer with the value <c>true</c>; empty if none.</summary>
    public string Mark { get; init; } = "";

    /// <summary>The body when at least one retry came before.</summary>
    public string BodyAfterRetry => BodyOf(afterRetry: true, null);

    /// <summary>The body of the local reply.</summary>
    /// <param name="afterRetry">At least one try came before.</param>
    /// <param name="transportFailure">Why the connection failed, where that is known.</param>
    public string BodyOf(bool afterRetry, string? transportFailure) =>
        Reset is { } reset && (afterRetry || !string.IsNullOrEmpty(transportFailure)) ? UpstreamResets.Body(reset, afterRetry, transportFailure) : Body;

    /// <summary>RESPONSE_CODE_DETAILS with the reason of a failed connection, where that is known.</summary>
    public string DetailsOf(string? transportFailure) =>
        Reset is { } reset && !string.IsNullOrEmpty(transportFailure) ? UpstreamResets.Details(reset, transportFailure) : Details;
}
