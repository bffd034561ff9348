namespace Waypoint.Model.Routes;

/// <summary>Whether another try follows.</summary>
public enum RetryVerdict
{
    /// <summary>It does.</summary>
    Retry,

    /// <summary>The policy does not want one.</summary>
    NoRetry,

    /// <summary>The policy wants one, but none is left (flag URX).</summary>
    LimitExceeded,

    /// <summary>The policy wants one, but too many are under way in the cluster (flag UO).</summary>
    Overflow,
}
