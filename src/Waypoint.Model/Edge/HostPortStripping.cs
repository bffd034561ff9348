namespace Waypoint.Model.Edge;

/// <summary>Which port leaves the authority before anything looks at it.</summary>
public enum HostPortStripping
{
    /// <summary>None.</summary>
    None,

    /// <summary>The one that the client dialled (<c>strip_matching_host_port</c>).</summary>
    Matching,

    /// <summary>Any (<c>strip_any_host_port</c>).</summary>
    Any,
}
