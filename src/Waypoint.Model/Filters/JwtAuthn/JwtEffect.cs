using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>One thing that an evaluation does to the request in the end: exactly one of the three fields is set.</summary>
internal struct JwtEffect
{
    /// <summary>Headers of the client's that only the filter may set are removed.</summary>
    internal TokenLocations? Sanitized;

    /// <summary>A good token leaves its claims.</summary>
    internal VerifiedToken? Accepted;

    /// <summary>Where <see cref="Accepted"/> stood.</summary>
    internal TokenLocation? From;

    /// <summary>Key under which a failure is left.</summary>
    internal string? FailureKey;

    /// <summary>What it was.</summary>
    internal JwtStatus Failure;
}
