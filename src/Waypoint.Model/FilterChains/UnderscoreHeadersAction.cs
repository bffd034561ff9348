namespace Waypoint.Model.FilterChains;

/// <summary>What becomes of request headers with an underscore in the name (<c>HttpProtocolOptions.HeadersWithUnderscoresAction</c>).</summary>
public enum UnderscoreHeadersAction
{
    /// <summary>They pass (the default).</summary>
    Allow,

    /// <summary>400.</summary>
    RejectRequest,

    /// <summary>They are dropped.</summary>
    DropHeader,
}
