using Waypoint.Model.Failures;

namespace Waypoint.Model.Routes;

/// <summary>How one try ended, as far as a retry depends on it.</summary>
/// <param name="Failure">Why there is no response; <see cref="FailureReason.None"/> if there is one.</param>
/// <param name="Status">Status code of the response; 0 if there is none.</param>
/// <param name="RequestStarted">The request's headers had been sent to the endpoint.</param>
/// <param name="ResponseForwarded">Something of a response, be it an interim one, has gone to the client: no further try may follow.</param>
public readonly record struct AttemptResult(FailureReason Failure, int Status, bool RequestStarted, bool ResponseForwarded = false);
