namespace Waypoint.Model.FilterChains;

/// <summary>What becomes of <c>%2F</c> and <c>%5C</c> in a path (<c>HttpConnectionManager.PathWithEscapedSlashesAction</c>).</summary>
public enum EscapedSlashesAction
{
    /// <summary>Nothing (the default).</summary>
    KeepUnchanged,

    /// <summary>400.</summary>
    RejectRequest,

    /// <summary>307 to the unescaped path (gRPC requests are rejected).</summary>
    UnescapeAndRedirect,

    /// <summary>Unescaped before routing and authorization.</summary>
    UnescapeAndForward,
}
