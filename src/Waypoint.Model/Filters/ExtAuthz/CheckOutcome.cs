namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>What a service says about a request.</summary>
public enum CheckOutcome
{
    /// <summary>Nothing: it could not be asked, or its answer makes no sense. The filter's failure mode decides.</summary>
    Failed,

    /// <summary>It may pass.</summary>
    Allowed,

    /// <summary>It may not.</summary>
    Denied,
}
