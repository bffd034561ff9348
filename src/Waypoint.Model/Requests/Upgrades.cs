using Waypoint.Model.Matching;

namespace Waypoint.Model.Requests;

/// <summary>Upgrades of a connection, as HTTP/1.1 asks for them (<c>connection: upgrade</c>) and as HTTP/2 does (extended CONNECT, RFC 8441), and the way from one to the other.</summary>
public static class Upgrades
{
    private const string Upgrade = "upgrade";
    private const string ContentLength = "content-length";
    private const string Connect = "CONNECT";

    /// <summary>True for an HTTP/1.1 message that asks for an upgrade or confirms it.</summary>
    public static bool IsUpgrade<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView =>
        headers.Count(ConnectionTokens.HeaderName) > 0 && headers.Count(Upgrade) > 0
        && ConnectionTokens.Has(headers.Get(ConnectionTokens.HeaderName, 0), Upgrade);

    /// <summary>True for an HTTP/1.1 request that asks for WebSocket.</summary>
    public static bool IsWebSocket<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView => IsUpgrade(headers) && headers.Get(Upgrade, 0).Equals("websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for an extended CONNECT to anything but a stream of bytes.</summary>
    public static bool IsExtendedConnect<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView =>
        headers.Count(HeaderNames.Method) > 0 && headers.Get(HeaderNames.Method, 0) == Connect
        && headers.Count(HeaderNames.Protocol) > 0 && headers.Get(HeaderNames.Protocol, 0) is not ("" or "bytestream");

    /// <summary>Makes an extended CONNECT of an upgrade request.</summary>
    public static void RequestToHttp2<THeaders>(ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        headers.Set(HeaderNames.Method, Connect);
        headers.Set(HeaderNames.Protocol, headers.Get(Upgrade, 0));
        RemoveUpgrade(ref headers);
    }

    /// <summary>Makes an upgrade request of an extended CONNECT.</summary>
    public static void RequestToHttp1<THeaders>(ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        headers.Set(HeaderNames.Method, "GET");
        headers.Set(Upgrade, headers.Get(HeaderNames.Protocol, 0));
        headers.Set(ConnectionTokens.HeaderName, Upgrade);
        headers.Remove(HeaderNames.Protocol);
    }

    /// <summary>Makes the 200 of an extended CONNECT of a 101.</summary>
    public static void ResponseToHttp2<THeaders>(ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        if (headers.Get(HeaderNames.Status, 0) == "101")
            headers.Set(HeaderNames.Status, "200");
        RemoveUpgrade(ref headers);
    }

    /// <summary>Makes a 101 of the 200 of an extended CONNECT.</summary>
    public static void ResponseToHttp1<THeaders>(ref THeaders headers, string upgrade)
        where THeaders : struct, IMutableHeaders
    {
        if (headers.Get(HeaderNames.Status, 0) != "200")
            return;
        headers.Set(Upgrade, upgrade);
        headers.Set(ConnectionTokens.HeaderName, Upgrade);
        headers.Set(HeaderNames.Status, "101");
    }

    /// <summary>Removes the kinds of upgrade that one of the matchers names (<c>ignore_http_11_upgrade</c>).</summary>
    public static void RemoveIgnored<THeaders>(ref THeaders headers, IReadOnlyList<StringMatcher> ignored)
        where THeaders : struct, IMutableHeaders =>
        ConnectionTokens.RemoveTokens(ref headers, Upgrade, token => ignored.Any(matcher => matcher.Matches(token)));

    private static void RemoveUpgrade<THeaders>(ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        headers.Remove(Upgrade);
        headers.Remove(ConnectionTokens.HeaderName);
        // A length of nothing says nothing, and HTTP/2 peers refuse it.
        if (headers.Count(ContentLength) > 0 && headers.Get(ContentLength, 0) == "0")
            headers.Remove(ContentLength);
    }
}
