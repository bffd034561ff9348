namespace Waypoint.Model.Paths;

/// <summary>What becomes of a request after its path was normalized.</summary>
public enum PathNormalizationAction
{
    /// <summary>It goes on with the path of the result.</summary>
    Continue,

    /// <summary>400.</summary>
    Reject,

    /// <summary>307 to the path of the result; a gRPC request is rejected instead.</summary>
    Redirect,
}
