namespace Waypoint.Model.Routes;

/// <summary>A response header that says when to try again (<c>RetryPolicy.ResetHeader</c>).</summary>
/// <param name="Name">Lower case.</param>
/// <param name="IsTimestamp"><c>UNIX_TIMESTAMP</c>: seconds since 1970; otherwise <c>SECONDS</c> from now.</param>
public sealed record RetryResetHeader(string Name, bool IsTimestamp);
