namespace Waypoint.Model.Edge;

/// <summary>Why a request is traced.</summary>
public enum TraceReason
{
    /// <summary>It is not.</summary>
    NotTraceable,

    /// <summary>It was drawn.</summary>
    Sampling,

    /// <summary>A service of ours asked for it (<c>x-envoy-force-trace</c>).</summary>
    ServiceForced,

    /// <summary>The client asked for it (<c>x-client-trace-id</c>).</summary>
    ClientForced,
}
