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
    /// <summary>The body when at least one retry came before.</summary>
    public string BodyAfterRetry { get; } = ResetReason.Length == 0
        ? Body
        : "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: " + ResetReason;
}
