namespace Waypoint.Model.Requests;

/// <summary>Header names that the pure decisions read or write.</summary>
public static class HeaderNames
{
    /// <summary>Pseudo header of the authority; HTTP/1.1 sends it as Host.</summary>
    public const string Authority = ":authority";

    /// <summary>Pseudo header of the path with its query.</summary>
    public const string Path = ":path";

    /// <summary>Pseudo header of the method.</summary>
    public const string Method = ":method";

    /// <summary>Pseudo header of the scheme.</summary>
    public const string Scheme = ":scheme";

    /// <summary>Pseudo header of the protocol of an extended CONNECT (RFC 8441).</summary>
    public const string Protocol = ":protocol";

    /// <summary>Pseudo header of a response's status.</summary>
    public const string Status = ":status";

    internal const string ContentType = "content-type";
    internal const string EnvoyInternal = "x-envoy-internal";
    internal const string EnvoyOriginalHost = "x-envoy-original-host";
    internal const string EnvoyOriginalPath = "x-envoy-original-path";
    internal const string EnvoyDownstreamCluster = "x-envoy-downstream-service-cluster";
    internal const string EnvoyDownstreamNode = "x-envoy-downstream-service-node";
    internal const string EnvoyExternalAddress = "x-envoy-external-address";
    internal const string EnvoyForceTrace = "x-envoy-force-trace";
    internal const string ForwardedClientCert = "x-forwarded-client-cert";
    internal const string ForwardedFor = "x-forwarded-for";
    internal const string ForwardedPort = "x-forwarded-port";
    internal const string ForwardedProto = "x-forwarded-proto";
    internal const string RequestId = "x-request-id";
    internal const string ForwardedHost = "x-forwarded-host";
}
