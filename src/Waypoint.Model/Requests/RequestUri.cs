namespace Waypoint.Model.Requests;

/// <summary>URIs of a request, put together and taken apart.</summary>
public static class RequestUri
{
    /// <summary>Takes any URI apart without judging it.</summary>
    public static (string Scheme, string Host, string Path) Split(string uri)
    {
        var schemeEnd = uri.IndexOf("://", StringComparison.Ordinal);
        var hostStart = schemeEnd < 0 ? 0 : schemeEnd + 3;
        var pathStart = uri.IndexOf('/', hostStart);
        return (schemeEnd < 0 ? "" : uri[..schemeEnd], pathStart < 0 ? uri[hostStart..] : uri[hostStart..pathStart], pathStart < 0 ? "/" : uri[pathStart..]);
    }

    /// <summary>The URI that the client asked for: before rewrites, its path cut to <paramref name="maxPathLength"/> characters; empty for a request without a path.</summary>
    public static string Original<THeaders>(in THeaders headers, int? maxPathLength)
        where THeaders : struct, IHeaderView
    {
        if (headers.Count(HeaderNames.Path) == 0)
            return "";
        var path = headers.Get(headers.Count(HeaderNames.EnvoyOriginalPath) > 0 ? HeaderNames.EnvoyOriginalPath : HeaderNames.Path, 0);
        if (maxPathLength is { } max && path.Length > max)
            path = path[..max];
        return $"{First(headers, HeaderNames.Scheme)}://{First(headers, HeaderNames.Authority)}{path}";
    }

    /// <summary>The same resource over TLS.</summary>
    public static string OverTls<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView => $"https://{First(headers, HeaderNames.Authority)}{First(headers, HeaderNames.Path)}";

    /// <summary>True if <paramref name="value"/> may stand in <c>referer</c> (RFC 9110, 10.1.3): an absolute or relative URI without fragment and user information.</summary>
    public static bool IsReferer(string value)
    {
        if (AbsoluteUrl.TryParse(value, isConnect: false, out var url))
            return !url.HasFragment && !url.HasUserInformation;
        var inFirstSegment = true;
        foreach (var character in value)
        {
            // A colon in the first segment would make it a scheme (RFC 3986, 3.3).
            if (character == ':' && inFirstSegment)
                return false;
            inFirstSegment &= character != '/';
            if (!char.IsAsciiLetterOrDigit(character) && !"-._~!$&'()*+,;=:@/?%".Contains(character, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private static string First<THeaders>(in THeaders headers, string name)
        where THeaders : struct, IHeaderView => headers.Count(name) > 0 ? headers.Get(name, 0) : "";
}
