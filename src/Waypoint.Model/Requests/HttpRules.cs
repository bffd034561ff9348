using System.Globalization;

namespace Waypoint.Model.Requests;

/// <summary>Small facts about methods, schemes and required headers.</summary>
public static class HttpRules
{
    /// <summary>A method that changes nothing on the server (RFC 9110, 9.2.1).</summary>
    public static bool IsSafe(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE";

    /// <summary><c>http</c>, in any letter case.</summary>
    public static bool IsHttp(ReadOnlySpan<char> scheme) => scheme.Equals("http", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>https</c>, in any letter case.</summary>
    public static bool IsHttps(ReadOnlySpan<char> scheme) => scheme.Equals("https", StringComparison.OrdinalIgnoreCase);

    /// <summary>A scheme that a request can have here.</summary>
    public static bool IsScheme(ReadOnlySpan<char> scheme) => IsHttp(scheme) || IsHttps(scheme);

    /// <summary>The first header that a request has to have and lacks; null if it has all.</summary>
    public static string? MissingInRequest<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        if (headers.Count(HeaderNames.Method) == 0)
            return HeaderNames.Method;
        var hasPath = headers.Count(HeaderNames.Path) > 0;
        if (headers.Get(HeaderNames.Method, 0) != "CONNECT")
            return hasPath ? null : HeaderNames.Path;
        if (headers.Count(HeaderNames.Authority) == 0)
            return HeaderNames.Authority;
        // Extended CONNECT (RFC 8441) has both, the classic one neither.
        var hasProtocol = headers.Count(HeaderNames.Protocol) > 0;
        return hasPath == hasProtocol ? null : hasPath ? HeaderNames.Protocol : HeaderNames.Path;
    }

    /// <summary>The header that a response has to have and lacks; null if it has it.</summary>
    public static string? MissingInResponse<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView =>
        headers.Count(HeaderNames.Status) > 0 && int.TryParse(headers.Get(HeaderNames.Status, 0), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? null
            : HeaderNames.Status;
}
