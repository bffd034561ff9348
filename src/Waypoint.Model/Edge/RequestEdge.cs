using System.Net;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Edge;

/// <summary>Turns a request's headers as a client sent them into those that policies, routes and upstreams may rely on. Pure; the order is Envoy's.</summary>
public static class RequestEdge
{
    // What would steer the router: only for clients that count as internal.
    private static readonly string[] InternalOnly =
    [
        "x-envoy-retry-on",
        "x-envoy-retry-grpc-on",
        "x-envoy-max-retries",
        "x-envoy-retriable-status-codes",
        "x-envoy-retriable-header-names",
        "x-envoy-upstream-alt-stat-name",
        "x-envoy-upstream-rq-timeout-ms",
        "x-envoy-upstream-rq-per-try-timeout-ms",
        "x-envoy-upstream-rq-timeout-alt-response",
        "x-envoy-expected-rq-timeout-ms",
        HeaderNames.EnvoyForceTrace,
        "x-envoy-ip-tags",
        "x-envoy-original-url",
        "x-envoy-hedge-on-per-try-timeout",
    ];

    // What a proxy in front of us may say, but not a client at the edge.
    private static readonly string[] NotFromTheEdge =
    [
        "x-envoy-decorator-operation",
        HeaderNames.EnvoyDownstreamCluster,
        HeaderNames.EnvoyDownstreamNode,
        HeaderNames.EnvoyOriginalPath,
    ];

    /// <summary>Cleans and completes the headers.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="config">The connection manager's settings.</param>
    /// <param name="connection">What carries the request.</param>
    /// <param name="newRequestId">Makes an identifier; asked only if one is needed.</param>
    public static EdgeResult Apply<THeaders>(ref THeaders headers, EdgeConfig config, in EdgeConnection connection, Func<string> newRequestId)
        where THeaders : struct, IMutableHeaders
    {
        RemoveHopByHop(ref headers);
        RefererHeader.Sanitize(ref headers);
        headers.Remove(HeaderNames.EnvoyInternal);
        var client = config.UseRemoteAddress
            ? OfPeer(ref headers, config, connection, out var trusted)
            : OfHeaders(ref headers, config, connection, out trusted);
        SetPort(ref headers, config, connection);
        var address = client ?? connection.Peer;
        var isInternal = trusted && address is not null && config.InternalAddresses.Contains(address);
        var isEdge = !isInternal && config.UseRemoteAddress;
        if (isInternal)
            headers.Set(HeaderNames.EnvoyInternal, "true");
        else
            RemoveControls(ref headers, isEdge, config);
        AddOurselves(ref headers, config);
        if (isEdge && address is not null)
            headers.Set(HeaderNames.EnvoyExternalAddress, address.ToString());
        if (config.GenerateRequestId
            && UuidRequestId.NeedsNew(headers.Count(HeaderNames.RequestId) > 0 ? headers.Get(HeaderNames.RequestId, 0) : null, isEdge, config.PreserveExternalRequestId))
        {
            headers.Set(HeaderNames.RequestId, newRequestId());
        }

        ClientCertHeader.Apply(ref headers, config.ClientCert, config.ClientCertDetails, connection.Certificate);
        return new EdgeResult(client, isInternal);
    }

    /// <summary>The authority as policies and routes see it.</summary>
    public static string NormalizeHost(string authority, EdgeConfig config, int listenerPort)
    {
        if (config.StripTrailingHostDot)
            authority = HostName.WithoutTrailingDot(authority);
        return config.StripHostPort switch
        {
            HostPortStripping.Any when HostName.HasPort(authority) => HostName.WithoutPort(authority).ToString(),
            HostPortStripping.Matching when HostName.HasPort(authority) => HostName.WithoutMatchingPort(authority, listenerPort).ToString(),
            _ => authority,
        };
    }

    /// <summary>The scheme that stands for <c>:scheme</c> where a request has none: what <c>x-forwarded-proto</c> says if it is one, else that of the connection.</summary>
    public static string SchemeOf<THeaders>(in THeaders headers, bool isTls)
        where THeaders : struct, IHeaderView =>
        headers.Count(HeaderNames.ForwardedProto) > 0 && headers.Get(HeaderNames.ForwardedProto, 0) is "http" or "https"
            ? headers.Get(HeaderNames.ForwardedProto, 0)
            : isTls ? "https" : "http";

    /// <summary>Whether the headers ask for another protocol on this connection.</summary>
    public static bool IsUpgrade<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView =>
        headers.Count("upgrade") > 0 && Lines.HasToken(headers, "connection", "upgrade");

    private static void RemoveHopByHop<THeaders>(ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        if (!IsUpgrade(headers))
        {
            headers.Remove("connection");
            headers.Remove("upgrade");
        }

        headers.Remove("keep-alive");
        headers.Remove("proxy-connection");
        headers.Remove("transfer-encoding");
        if (headers.Count("te") == 0)
            return;
        if (Lines.HasToken(headers, "te", "trailers"))
            headers.Set("te", "trailers");
        else
            headers.Remove("te");
    }

    /// <summary>The peer is the client, or a known number of proxies stands between. Null: the peer itself.</summary>
    private static IPAddress? OfPeer<THeaders>(ref THeaders headers, EdgeConfig config, in EdgeConnection connection, out bool trusted)
        where THeaders : struct, IMutableHeaders
    {
        trusted = headers.Count(HeaderNames.ForwardedFor) == 0;
        var client = config.TrustedHops > 0 ? ForwardedFor.Last(Lines.Joined(headers, HeaderNames.ForwardedFor), config.TrustedHops - 1, out _) : null;
        if (!config.SkipForwardedForAppend)
            AppendPeer(ref headers, connection);
        if (config.TrustedHops == 0 || headers.Count(HeaderNames.ForwardedProto) == 0)
            headers.Set(HeaderNames.ForwardedProto, connection.IsTls ? "https" : "http");
        return client;
    }

    /// <summary>The peer is a proxy of ours, and the headers tell the client. Null: they do not.</summary>
    private static IPAddress? OfHeaders<THeaders>(ref THeaders headers, EdgeConfig config, in EdgeConnection connection, out bool trusted)
        where THeaders : struct, IMutableHeaders
    {
        IPAddress? client = null;
        trusted = false;
        if (config.ClientAddressHeader is { } name)
        {
            client = headers.Count(name) > 0 ? ForwardedFor.Last(headers.Get(name, 0), 0, out _) : null;
        }
        else if (headers.Count(HeaderNames.ForwardedFor) > 0)
        {
            var list = Lines.Joined(headers, HeaderNames.ForwardedFor);
            if (config.TrustedProxies.IsEmpty)
                client = ForwardedFor.Last(list, config.TrustedHops, out trusted);
            else if (connection.Peer is { } peer && config.TrustedProxies.Contains(peer))
                client = ForwardedFor.LastUntrusted(list, config.TrustedProxies);
        }

        if (!config.SkipForwardedForAppend)
            AppendPeer(ref headers, connection);
        if (headers.Count(HeaderNames.ForwardedProto) == 0)
            headers.Set(HeaderNames.ForwardedProto, connection.IsTls ? "https" : "http");
        return client;
    }

    private static void AppendPeer<THeaders>(ref THeaders headers, in EdgeConnection connection)
        where THeaders : struct, IMutableHeaders
    {
        // A loopback address means nothing to the next hop.
        if (connection.Peer is { } peer)
            ForwardedFor.Append(ref headers, IPAddress.IsLoopback(peer) && connection.ProxyAddress is { } own ? own : peer);
    }

    private static void SetPort<THeaders>(ref THeaders headers, EdgeConfig config, in EdgeConnection connection)
        where THeaders : struct, IMutableHeaders
    {
        if (config.AppendForwardedPort && connection.LocalPort > 0
            && (headers.Count(HeaderNames.ForwardedPort) == 0 || (config.UseRemoteAddress && config.TrustedHops == 0)))
        {
            headers.Set(HeaderNames.ForwardedPort, connection.LocalPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static void RemoveControls<THeaders>(ref THeaders headers, bool isEdge, EdgeConfig config)
        where THeaders : struct, IMutableHeaders
    {
        if (isEdge)
        {
            foreach (var name in NotFromTheEdge)
                headers.Remove(name);
        }

        foreach (var name in InternalOnly)
            headers.Remove(name);
        foreach (var name in config.InternalOnlyHeaders)
            headers.Remove(name);
    }

    private static void AddOurselves<THeaders>(ref THeaders headers, EdgeConfig config)
        where THeaders : struct, IMutableHeaders
    {
        if (config.UserAgent is { } agent)
        {
            headers.Set(HeaderNames.EnvoyDownstreamCluster, agent);
            if (headers.Count("user-agent") == 0 || headers.Get("user-agent", 0).Length == 0)
                headers.Set("user-agent", agent);
            if (config.NodeName.Length > 0)
                headers.Set(HeaderNames.EnvoyDownstreamNode, config.NodeName);
        }

        if (config.Via.Length > 0)
            Lines.Append(ref headers, "via", ", ", config.Via);
    }
}
