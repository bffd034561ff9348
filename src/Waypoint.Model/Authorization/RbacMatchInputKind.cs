namespace Waypoint.Model.Authorization;

/// <summary>What a matcher tree looks at.</summary>
public enum RbacMatchInputKind
{
    /// <summary><c>envoy.type.matcher.v3.HttpRequestHeaderMatchInput</c>: several lines joined with a comma.</summary>
    Header,

    /// <summary><c>FilterStateInput</c>.</summary>
    FilterState,

    /// <summary><c>DestinationIPInput</c>.</summary>
    DestinationAddress,

    /// <summary><c>DestinationPortInput</c>.</summary>
    DestinationPort,

    /// <summary><c>SourceIPInput</c>: after <c>x-forwarded-for</c>.</summary>
    SourceAddress,

    /// <summary><c>SourcePortInput</c>.</summary>
    SourcePort,

    /// <summary><c>DirectSourceIPInput</c>: the connection's peer.</summary>
    DirectSourceAddress,

    /// <summary><c>ServerNameInput</c>.</summary>
    ServerName,

    /// <summary><c>UriSanInput</c>.</summary>
    UriSan,

    /// <summary><c>DnsSanInput</c>.</summary>
    DnsSan,

    /// <summary><c>SubjectInput</c>.</summary>
    Subject,
}
