namespace Waypoint.Model.Formatting;

/// <summary>Operators of Envoy's format strings.</summary>
public enum FormatField
{
    /// <summary><c>%REQ(name?other)%</c>: first line of a request header as it is now.</summary>
    RequestHeader,

    /// <summary><c>%REQ_WITHOUT_QUERY(name?other)%</c>: the same without what follows a question mark.</summary>
    RequestHeaderWithoutQuery,

    /// <summary><c>%RESP(name?other)%</c>: first line of a response header.</summary>
    ResponseHeader,

    /// <summary><c>%TRAILER(name?other)%</c>: first line of a response trailer.</summary>
    ResponseTrailer,

    /// <summary><c>%PATH(query:which)%</c>: the path: query WQ (with) or NQ; which ORIG, PATH or ORIG_OR_PATH (default).</summary>
    Path,

    /// <summary><c>%QUERY_PARAM(name)%</c>: first query parameter of that name, decoded.</summary>
    QueryParameter,

    /// <summary><c>%DYNAMIC_METADATA(filter:key...)%</c>: what filters left for each other.</summary>
    DynamicMetadata,

    /// <summary><c>%CLUSTER_METADATA(filter:key...)%</c>: metadata of the cluster.</summary>
    ClusterMetadata,

    /// <summary><c>%UPSTREAM_METADATA(filter:key...)%</c>: metadata of the endpoint.</summary>
    UpstreamMetadata,

    /// <summary><c>%METADATA(ROUTE:filter:key...)%</c>: metadata of the route.</summary>
    RouteMetadata,

    /// <summary><c>%METADATA(VIRTUAL_HOST:filter:key...)%</c>: metadata of the virtual host.</summary>
    VirtualHostMetadata,

    /// <summary><c>%METADATA(LISTENER:filter:key...)%</c>: metadata of the listener.</summary>
    ListenerMetadata,

    /// <summary><c>%FILTER_STATE(key:form)%</c>: an object of the request or connection; form PLAIN or TYPED (default, as JSON).</summary>
    FilterState,

    /// <summary><c>%UPSTREAM_FILTER_STATE(key:form)%</c>: an object of the upstream connection.</summary>
    UpstreamFilterState,

    /// <summary><c>%ENVIRONMENT(name)%</c>: a variable of the process.</summary>
    Environment,

    /// <summary><c>%PROTOCOL%</c>: HTTP/1.0, HTTP/1.1, HTTP/2.</summary>
    Protocol,

    /// <summary><c>%REQUESTED_SERVER_NAME%</c>: server name of the client's TLS.</summary>
    RequestedServerName,

    /// <summary><c>%ROUTE_NAME%</c>: name of the route.</summary>
    RouteName,

    /// <summary><c>%VIRTUAL_HOST_NAME%</c>: name of the virtual host.</summary>
    VirtualHostName,

    /// <summary><c>%VIRTUAL_CLUSTER_NAME%</c>: virtual cluster the request falls into.</summary>
    VirtualClusterName,

    /// <summary><c>%START_TIME(format)%</c>: when the request began, UTC.</summary>
    StartTime,

    /// <summary><c>%START_TIME_LOCAL(format)%</c>: when the request began, in local time.</summary>
    StartTimeLocal,

    /// <summary><c>%EMIT_TIME(format)%</c>: when the record is written, UTC.</summary>
    EmitTime,

    /// <summary><c>%HOSTNAME%</c>: name of the machine.</summary>
    Hostname,

    /// <summary><c>%STREAM_ID%</c>: identity of the request.</summary>
    StreamId,

    /// <summary><c>%UNIQUE_ID%</c>: an identity made for the record.</summary>
    UniqueId,

    /// <summary><c>%TRACE_ID%</c>: identity of the trace.</summary>
    TraceId,

    /// <summary><c>%ACCESS_LOG_TYPE%</c>: why the record is written.</summary>
    AccessLogType,

    /// <summary><c>%LOCAL_REPLY_BODY%</c>: body of our own answer.</summary>
    LocalReplyBody,

    /// <summary><c>%CUSTOM_FLAGS%</c>: flags that filters set, comma separated.</summary>
    CustomFlags,

    /// <summary><c>%RESPONSE_CODE%</c>: status; 0 if none.</summary>
    ResponseCode,

    /// <summary><c>%RESPONSE_FLAGS%</c>: short response flags.</summary>
    ResponseFlags,

    /// <summary><c>%RESPONSE_FLAGS_LONG%</c>: long response flags.</summary>
    ResponseFlagsLong,

    /// <summary><c>%RESPONSE_CODE_DETAILS(ALLOW_WHITESPACES)%</c>: why the answer is what it is.</summary>
    ResponseCodeDetails,

    /// <summary><c>%CONNECTION_TERMINATION_DETAILS%</c>: why the connection ended.</summary>
    ConnectionTerminationDetails,

    /// <summary><c>%GRPC_STATUS(form)%</c>: gRPC status: CAMEL_STRING (default), SNAKE_STRING or NUMBER.</summary>
    GrpcStatus,

    /// <summary><c>%BYTES_RECEIVED%</c>: body bytes of the request.</summary>
    BytesReceived,

    /// <summary><c>%BYTES_SENT%</c>: body bytes of the response.</summary>
    BytesSent,

    /// <summary><c>%BYTES_RETRANSMITTED%</c>: bytes sent again.</summary>
    BytesRetransmitted,

    /// <summary><c>%PACKETS_RETRANSMITTED%</c>: packets sent again.</summary>
    PacketsRetransmitted,

    /// <summary><c>%REQUEST_HEADERS_BYTES%</c>: uncompressed bytes of the request headers.</summary>
    RequestHeadersBytes,

    /// <summary><c>%RESPONSE_HEADERS_BYTES%</c>: uncompressed bytes of the response headers.</summary>
    ResponseHeadersBytes,

    /// <summary><c>%RESPONSE_TRAILERS_BYTES%</c>: uncompressed bytes of the response trailers.</summary>
    ResponseTrailersBytes,

    /// <summary><c>%UPSTREAM_WIRE_BYTES_RECEIVED%</c>: bytes from the upstream.</summary>
    UpstreamWireBytesReceived,

    /// <summary><c>%UPSTREAM_WIRE_BYTES_SENT%</c>: bytes to the upstream.</summary>
    UpstreamWireBytesSent,

    /// <summary><c>%UPSTREAM_HEADER_BYTES_RECEIVED%</c>: header bytes from the upstream.</summary>
    UpstreamHeaderBytesReceived,

    /// <summary><c>%UPSTREAM_HEADER_BYTES_SENT%</c>: header bytes to the upstream.</summary>
    UpstreamHeaderBytesSent,

    /// <summary><c>%UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED%</c>: uncompressed header bytes from the upstream.</summary>
    UpstreamDecompressedHeaderBytesReceived,

    /// <summary><c>%UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT%</c>: uncompressed header bytes to the upstream.</summary>
    UpstreamDecompressedHeaderBytesSent,

    /// <summary><c>%DOWNSTREAM_WIRE_BYTES_RECEIVED%</c>: bytes from the client.</summary>
    DownstreamWireBytesReceived,

    /// <summary><c>%DOWNSTREAM_WIRE_BYTES_SENT%</c>: bytes to the client.</summary>
    DownstreamWireBytesSent,

    /// <summary><c>%DOWNSTREAM_HEADER_BYTES_RECEIVED%</c>: header bytes from the client.</summary>
    DownstreamHeaderBytesReceived,

    /// <summary><c>%DOWNSTREAM_HEADER_BYTES_SENT%</c>: header bytes to the client.</summary>
    DownstreamHeaderBytesSent,

    /// <summary><c>%DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED%</c>: uncompressed header bytes from the client.</summary>
    DownstreamDecompressedHeaderBytesReceived,

    /// <summary><c>%DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT%</c>: uncompressed header bytes to the client.</summary>
    DownstreamDecompressedHeaderBytesSent,

    /// <summary><c>%DURATION%</c>: ms from the start to the last byte out.</summary>
    Duration,

    /// <summary><c>%REQUEST_DURATION%</c>: ms from the start to the last byte of the request.</summary>
    RequestDuration,

    /// <summary><c>%REQUEST_TX_DURATION%</c>: ms from the start to the last byte sent upstream.</summary>
    RequestTxDuration,

    /// <summary><c>%RESPONSE_DURATION%</c>: ms from the start to the first byte from the upstream.</summary>
    ResponseDuration,

    /// <summary><c>%RESPONSE_TX_DURATION%</c>: ms from the upstream's first byte to our last byte out.</summary>
    ResponseTxDuration,

    /// <summary><c>%DOWNSTREAM_HANDSHAKE_DURATION%</c>: ms from the start to the end of the client's handshake.</summary>
    DownstreamHandshakeDuration,

    /// <summary><c>%ROUNDTRIP_DURATION%</c>: ms from the start to the client's last acknowledgement.</summary>
    RoundtripDuration,

    /// <summary><c>%UPSTREAM_CONNECTION_POOL_READY_DURATION%</c>: ms until an upstream connection was at hand.</summary>
    UpstreamConnectionPoolReadyDuration,

    /// <summary><c>%DOWNSTREAM_REMOTE_ADDRESS%</c>: the client, as X-Forwarded-For says.</summary>
    DownstreamRemoteAddress,

    /// <summary><c>%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%</c>: the peer of the connection.</summary>
    DownstreamDirectRemoteAddress,

    /// <summary><c>%DOWNSTREAM_LOCAL_ADDRESS%</c>: what the client dialled.</summary>
    DownstreamLocalAddress,

    /// <summary><c>%DOWNSTREAM_DIRECT_LOCAL_ADDRESS%</c>: our end of the connection.</summary>
    DownstreamDirectLocalAddress,

    /// <summary><c>%CONNECTION_ID%</c>: number of the client's connection.</summary>
    ConnectionId,

    /// <summary><c>%DOWNSTREAM_TRANSPORT_FAILURE_REASON%</c>: why the client's connection failed.</summary>
    DownstreamTransportFailureReason,

    /// <summary><c>%DOWNSTREAM_LOCAL_URI_SAN%</c>: URI names of our certificate.</summary>
    DownstreamLocalUriSan,

    /// <summary><c>%DOWNSTREAM_PEER_URI_SAN%</c>: URI names of the client's certificate.</summary>
    DownstreamPeerUriSan,

    /// <summary><c>%DOWNSTREAM_LOCAL_DNS_SAN%</c>: DNS names of our certificate.</summary>
    DownstreamLocalDnsSan,

    /// <summary><c>%DOWNSTREAM_PEER_DNS_SAN%</c>: DNS names of the client's certificate.</summary>
    DownstreamPeerDnsSan,

    /// <summary><c>%DOWNSTREAM_LOCAL_IP_SAN%</c>: addresses of our certificate.</summary>
    DownstreamLocalIpSan,

    /// <summary><c>%DOWNSTREAM_PEER_IP_SAN%</c>: addresses of the client's certificate.</summary>
    DownstreamPeerIpSan,

    /// <summary><c>%DOWNSTREAM_LOCAL_SUBJECT%</c>: subject of our certificate.</summary>
    DownstreamLocalSubject,

    /// <summary><c>%DOWNSTREAM_PEER_SUBJECT%</c>: subject of the client's certificate.</summary>
    DownstreamPeerSubject,

    /// <summary><c>%DOWNSTREAM_PEER_ISSUER%</c>: issuer of the client's certificate.</summary>
    DownstreamPeerIssuer,

    /// <summary><c>%DOWNSTREAM_PEER_SERIAL%</c>: serial number of the client's certificate.</summary>
    DownstreamPeerSerial,

    /// <summary><c>%DOWNSTREAM_PEER_FINGERPRINT_256%</c>: SHA-256 of the client's certificate.</summary>
    DownstreamPeerFingerprint256,

    /// <summary><c>%DOWNSTREAM_PEER_FINGERPRINT_1%</c>: SHA-1 of the client's certificate.</summary>
    DownstreamPeerFingerprint1,

    /// <summary><c>%DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_256%</c>: SHA-256 of each certificate of the client's chain.</summary>
    DownstreamPeerChainFingerprints256,

    /// <summary><c>%DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_1%</c>: SHA-1 of each certificate of the client's chain.</summary>
    DownstreamPeerChainFingerprints1,

    /// <summary><c>%DOWNSTREAM_PEER_CHAIN_SERIALS%</c>: serial number of each certificate of the client's chain.</summary>
    DownstreamPeerChainSerials,

    /// <summary><c>%DOWNSTREAM_PEER_EMAIL_SAN%</c>: mail addresses of the client's certificate.</summary>
    DownstreamPeerEmailSan,

    /// <summary><c>%DOWNSTREAM_LOCAL_EMAIL_SAN%</c>: mail addresses of our certificate.</summary>
    DownstreamLocalEmailSan,

    /// <summary><c>%DOWNSTREAM_PEER_CERT%</c>: the client's certificate, URL-encoded PEM.</summary>
    DownstreamPeerCert,

    /// <summary><c>%DOWNSTREAM_PEER_CERT_V_START(format)%</c>: when the client's certificate begins.</summary>
    DownstreamPeerCertStart,

    /// <summary><c>%DOWNSTREAM_PEER_CERT_V_END(format)%</c>: when the client's certificate ends.</summary>
    DownstreamPeerCertEnd,

    /// <summary><c>%DOWNSTREAM_TLS_SESSION_ID%</c>: session of the client's TLS.</summary>
    DownstreamTlsSessionId,

    /// <summary><c>%DOWNSTREAM_TLS_CIPHER%</c>: cipher of the client's TLS.</summary>
    DownstreamTlsCipher,

    /// <summary><c>%DOWNSTREAM_TLS_VERSION%</c>: version of the client's TLS.</summary>
    DownstreamTlsVersion,

    /// <summary><c>%TLS_JA3_FINGERPRINT%</c>: JA3 of the client's TLS.</summary>
    TlsJa3Fingerprint,

    /// <summary><c>%TLS_JA4_FINGERPRINT%</c>: JA4 of the client's TLS.</summary>
    TlsJa4Fingerprint,

    /// <summary><c>%UPSTREAM_HOST%</c>: address and port of the endpoint.</summary>
    UpstreamHost,

    /// <summary><c>%UPSTREAM_HOST_NAME%</c>: name of the endpoint, else its address and port.</summary>
    UpstreamHostName,

    /// <summary><c>%UPSTREAM_CLUSTER%</c>: the cluster, as telemetry calls it.</summary>
    UpstreamCluster,

    /// <summary><c>%UPSTREAM_CLUSTER_RAW%</c>: the cluster's own name.</summary>
    UpstreamClusterRaw,

    /// <summary><c>%UPSTREAM_REMOTE_ADDRESS%</c>: the far end of the upstream connection.</summary>
    UpstreamRemoteAddress,

    /// <summary><c>%UPSTREAM_LOCAL_ADDRESS%</c>: our end of the upstream connection.</summary>
    UpstreamLocalAddress,

    /// <summary><c>%UPSTREAM_CONNECTION_ID%</c>: number of the upstream connection.</summary>
    UpstreamConnectionId,

    /// <summary><c>%UPSTREAM_PROTOCOL%</c>: protocol towards the upstream.</summary>
    UpstreamProtocol,

    /// <summary><c>%UPSTREAM_REQUEST_ATTEMPT_COUNT%</c>: tries so far.</summary>
    UpstreamRequestAttemptCount,

    /// <summary><c>%UPSTREAM_TRANSPORT_FAILURE_REASON%</c>: why the upstream connection failed.</summary>
    UpstreamTransportFailureReason,

    /// <summary><c>%UPSTREAM_LOCAL_URI_SAN%</c>: URI names of our certificate towards the upstream.</summary>
    UpstreamLocalUriSan,

    /// <summary><c>%UPSTREAM_PEER_URI_SAN%</c>: URI names of the upstream's certificate.</summary>
    UpstreamPeerUriSan,

    /// <summary><c>%UPSTREAM_LOCAL_DNS_SAN%</c>: DNS names of our certificate towards the upstream.</summary>
    UpstreamLocalDnsSan,

    /// <summary><c>%UPSTREAM_PEER_DNS_SAN%</c>: DNS names of the upstream's certificate.</summary>
    UpstreamPeerDnsSan,

    /// <summary><c>%UPSTREAM_LOCAL_IP_SAN%</c>: addresses of our certificate towards the upstream.</summary>
    UpstreamLocalIpSan,

    /// <summary><c>%UPSTREAM_PEER_IP_SAN%</c>: addresses of the upstream's certificate.</summary>
    UpstreamPeerIpSan,

    /// <summary><c>%UPSTREAM_LOCAL_SUBJECT%</c>: subject of our certificate towards the upstream.</summary>
    UpstreamLocalSubject,

    /// <summary><c>%UPSTREAM_PEER_SUBJECT%</c>: subject of the upstream's certificate.</summary>
    UpstreamPeerSubject,

    /// <summary><c>%UPSTREAM_PEER_ISSUER%</c>: issuer of the upstream's certificate.</summary>
    UpstreamPeerIssuer,

    /// <summary><c>%UPSTREAM_PEER_CERT%</c>: the upstream's certificate, URL-encoded PEM.</summary>
    UpstreamPeerCert,

    /// <summary><c>%UPSTREAM_PEER_CERT_V_START(format)%</c>: when the upstream's certificate begins.</summary>
    UpstreamPeerCertStart,

    /// <summary><c>%UPSTREAM_PEER_CERT_V_END(format)%</c>: when the upstream's certificate ends.</summary>
    UpstreamPeerCertEnd,

    /// <summary><c>%UPSTREAM_TLS_SESSION_ID%</c>: session of the upstream's TLS.</summary>
    UpstreamTlsSessionId,

    /// <summary><c>%UPSTREAM_TLS_CIPHER%</c>: cipher of the upstream's TLS.</summary>
    UpstreamTlsCipher,

    /// <summary><c>%UPSTREAM_TLS_VERSION%</c>: version of the upstream's TLS.</summary>
    UpstreamTlsVersion,
}
