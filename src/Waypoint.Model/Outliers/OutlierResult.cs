namespace Waypoint.Model.Outliers;

/// <summary>How a try ended, as outlier detection counts it.</summary>
public enum OutlierResult
{
    /// <summary>The endpoint answered, and well.</summary>
    RequestSucceeded,

    /// <summary>The endpoint answered with a server error.</summary>
    RequestFailed,

    /// <summary>A connection stands; its request is reported later.</summary>
    ConnectSucceeded,

    /// <summary>A connection stands and nothing else will be reported (TCP).</summary>
    ConnectSucceededFinally,

    /// <summary>No connection, a refused tunnel, or a connection that broke before the answer.</summary>
    ConnectFailed,

    /// <summary>No connection or no answer in time.</summary>
    TimedOut,
}
