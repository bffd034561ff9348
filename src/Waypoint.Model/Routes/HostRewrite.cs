using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>How the authority changes on its way (<c>RouteAction.host_rewrite_specifier</c>). Immutable; exactly one form is set.</summary>
public sealed class HostRewrite
{
    private readonly string? _literal;
    private readonly string? _header;
    private readonly RegexSubstitution? _pathPattern;

    private HostRewrite(string? literal, string? header, RegexSubstitution? pathPattern)
    {
        _literal = literal;
        _header = header;
        _pathPattern = pathPattern;
    }

    /// <summary><c>auto_host_rewrite</c>: the endpoint's host name, which only the balancer knows; the proxy sets it.</summary>
    public static HostRewrite FromEndpoint { get; } = new(null, null, null);

    /// <summary>True for <see cref="FromEndpoint"/>.</summary>
    public bool UsesEndpointName => _literal is null && _header is null && _pathPattern is null;

    /// <summary><c>host_rewrite_literal</c>.</summary>
    public static HostRewrite Literal(string host) => new(host, null, null);

    /// <summary><c>host_rewrite_header</c>: the value of a header (lower case); nothing happens if it is absent or empty.</summary>
    public static HostRewrite FromHeader(string name) => new(null, name, null);

    /// <summary><c>host_rewrite_path_regex</c>: the path without query after a substitution.</summary>
    public static HostRewrite FromPath(RegexSubstitution substitution) => new(null, null, substitution);

    /// <summary>The new authority, or null to leave it.</summary>
    internal string? NewHost<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        if (_literal is not null)
            return _literal;
        if (_header is not null)
            return headers.Count(_header) > 0 && headers.Get(_header, 0) is { Length: > 0 } value ? value : null;
        if (_pathPattern is null || headers.Count(HeaderNames.Path) == 0)
            return null;

        var path = headers.Get(HeaderNames.Path, 0);
        var end = path.AsSpan().IndexOfAny('?', '#');
        return _pathPattern.ReplaceAll(end < 0 ? path : path[..end]);
    }
}
