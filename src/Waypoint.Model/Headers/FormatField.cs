namespace Waypoint.Model.Headers;

/// <summary>Operators of Envoy's format strings that header values may use.</summary>
public enum FormatField
{
    /// <summary><c>%REQ(name)%</c>: first line of a request header as it is now.</summary>
    RequestHeader,

    /// <summary><c>%RESP(name)%</c>: first line of a response header.</summary>
    ResponseHeader,

    /// <summary><c>%PROTOCOL%</c>: <c>HTTP/1.1</c>, <c>HTTP/2</c>.</summary>
    Protocol,

    /// <summary><c>%RESPONSE_CODE%</c>.</summary>
    ResponseCode,

    /// <summary><c>%UPSTREAM_CLUSTER%</c>.</summary>
    UpstreamCluster,

    /// <summary><c>%UPSTREAM_CLUSTER_RAW%</c>.</summary>
    UpstreamClusterRaw,

    /// <summary><c>%UPSTREAM_HOST%</c>: address and port of the endpoint.</summary>
    UpstreamHost,

    /// <summary><c>%DOWNSTREAM_REMOTE_ADDRESS%</c>.</summary>
    DownstreamRemoteAddress,

    /// <summary><c>%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%</c>.</summary>
    DownstreamRemoteAddressWithoutPort,

    /// <summary><c>%DOWNSTREAM_REMOTE_PORT%</c>.</summary>
    DownstreamRemotePort,

    /// <summary><c>%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%</c>.</summary>
    DownstreamDirectRemoteAddress,

    /// <summary><c>%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%</c>.</summary>
    DownstreamDirectRemoteAddressWithoutPort,

    /// <summary><c>%DOWNSTREAM_LOCAL_ADDRESS%</c>.</summary>
    DownstreamLocalAddress,

    /// <summary><c>%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%</c>.</summary>
    DownstreamLocalAddressWithoutPort,

    /// <summary><c>%DOWNSTREAM_LOCAL_PORT%</c>.</summary>
    DownstreamLocalPort,

    /// <summary><c>%REQUESTED_SERVER_NAME%</c>.</summary>
    RequestedServerName,

    /// <summary><c>%ROUTE_NAME%</c>.</summary>
    RouteName,

    /// <summary><c>%RESPONSE_FLAGS%</c>.</summary>
    ResponseFlags,

    /// <summary><c>%RESPONSE_CODE_DETAILS%</c>.</summary>
    ResponseCodeDetails,

    /// <summary><c>%START_TIME%</c>, <c>%START_TIME(format)%</c>.</summary>
    StartTime,

    /// <summary><c>%HOSTNAME%</c>.</summary>
    Hostname,

    /// <summary><c>%FILTER_STATE(key)%</c>; the argument is what stands in the parentheses.</summary>
    FilterState,

    /// <summary><c>%DYNAMIC_METADATA(filter:key...)%</c>; the argument is what stands in the parentheses.</summary>
    DynamicMetadata,
}
