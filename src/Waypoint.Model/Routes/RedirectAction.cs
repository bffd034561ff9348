namespace Waypoint.Model.Routes;

/// <summary>The proxy answers with a redirect (<c>envoy.config.route.v3.RedirectAction</c>). Immutable.</summary>
public sealed class RedirectAction : RouteAction
{
    /// <summary><c>response_code</c>: 301 (default), 302, 303, 307 or 308.</summary>
    public int Status { get; init; } = 301;

    /// <summary><c>scheme_redirect</c> or <c>https_redirect</c>; null: the request's scheme.</summary>
    public string? Scheme { get; init; }

    /// <summary><c>host_redirect</c>; null: the request's authority.</summary>
    public string? Host { get; init; }

    /// <summary><c>port_redirect</c>; 0: none.</summary>
    public int Port { get; init; }

    /// <summary><c>path_redirect</c>; keeps the request's query unless it has one itself; null or empty: the path stays.</summary>
    public string? Path { get; init; }

    /// <summary><c>prefix_rewrite</c> or <c>regex_rewrite</c>; null: none.</summary>
    public PathRewrite? PathRewrite { get; init; }

    /// <summary><c>strip_query</c>: the request's query goes; one in <see cref="Path"/> stays.</summary>
    public bool StripQuery { get; init; }

    /// <summary>The value of <c>location</c>. Pure.</summary>
    /// <param name="scheme">Scheme of the request: <c>:scheme</c>.</param>
    /// <param name="forwardedProto">Its <c>x-forwarded-proto</c>.</param>
    /// <param name="authority">Its authority.</param>
    /// <param name="path">Its path with query.</param>
    public string Location(string scheme, string forwardedProto, string authority, string path)
    {
        var newScheme = Scheme ?? scheme;
        var host = Host is { Length: > 0 } ? Host.AsSpan() : RequestHost(authority, newScheme, forwardedProto);
        var newPath = NewPath(path, out var isFinal);
        if (StripQuery && !isFinal && newPath.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query)
            newPath = newPath[..query];
        return Port > 0 ? $"{newScheme}://{host}:{Port}{newPath}" : $"{newScheme}://{host}{newPath}";
    }

    private string NewPath(string path, out bool isFinal)
    {
        isFinal = false;
        if (PathRewrite is not null)
            return PathRewrite.Rewrite(path);
        if (string.IsNullOrEmpty(Path))
            return path;
        if (Path.Contains('?', StringComparison.Ordinal))
        {
            isFinal = true;
            return Path;
        }

        var query = path.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? Path : string.Concat(Path, path.AsSpan(query));
    }

    /// <summary>The authority without its port where that cannot be right any more: another port is configured, or it was the default of the scheme that changes.</summary>
    private ReadOnlySpan<char> RequestHost(string authority, string newScheme, string forwardedProto)
    {
        var host = authority.AsSpan();
        var colon = host.StartsWith('[') ? BracketedPort(host) : host.LastIndexOf(':');
        if (colon < 0)
            return host;

        var port = host[colon..];
        var drop = Port > 0;
        if (!newScheme.Equals(forwardedProto, StringComparison.Ordinal))
        {
            drop |= forwardedProto.Equals("https", StringComparison.OrdinalIgnoreCase) && port is ":443";
            drop |= forwardedProto.Equals("http", StringComparison.OrdinalIgnoreCase) && port is ":80";
        }

        return drop ? host[..colon] : host;
    }

    private static int BracketedPort(ReadOnlySpan<char> host)
    {
        var end = host.LastIndexOf("]:");
        return end < 0 ? -1 : end + 1;
    }
}
