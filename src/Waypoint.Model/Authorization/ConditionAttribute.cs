namespace Waypoint.Model.Authorization;

/// <summary>Attributes a condition may read, by their names in Envoy's expression language.</summary>
public enum ConditionAttribute
{
    /// <summary><c>request.path</c>: with query.</summary>
    RequestPath,

    /// <summary><c>request.url_path</c>: without query.</summary>
    RequestUrlPath,

    /// <summary><c>request.host</c>.</summary>
    RequestHost,

    /// <summary><c>request.scheme</c>.</summary>
    RequestScheme,

    /// <summary><c>request.method</c>.</summary>
    RequestMethod,

    /// <summary><c>source.port</c>.</summary>
    SourcePort,

    /// <summary><c>destination.port</c>.</summary>
    DestinationPort,

    /// <summary><c>connection.mtls</c>.</summary>
    ConnectionMtls,

    /// <summary><c>connection.requested_server_name</c>.</summary>
    ConnectionServerName,

    /// <summary><c>connection.uri_san_peer_certificate</c>: the first one.</summary>
    ConnectionUriSan,

    /// <summary><c>connection.subject_peer_certificate</c>.</summary>
    ConnectionSubject,
}
