namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Parts of a request that may carry a token.</summary>
public enum TokenPlace
{
    /// <summary>A header, behind a prefix or alone.</summary>
    Header,

    /// <summary>A query parameter.</summary>
    QueryParameter,

    /// <summary>A cookie.</summary>
    Cookie,
}
