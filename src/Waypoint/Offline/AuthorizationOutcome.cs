namespace Waypoint.Offline;

/// <summary>The answer to a question about authorization.</summary>
internal enum AuthorizationOutcome
{
    /// <summary>Every filter lets it pass.</summary>
    Allowed,

    /// <summary>A filter refuses it.</summary>
    Denied,

    /// <summary>Every policy lets it pass, but an authorization service is asked, whose answer is not known here.</summary>
    Asked,
}
