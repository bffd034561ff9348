using Waypoint.Model.Headers;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary><c>envoy.config.route.v3.RouteConfiguration</c> as an immutable lookup: virtual host by authority, then its first route that fits.</summary>
public sealed class RouteTable
{
    private readonly VirtualHost[] _virtualHosts = [];
    private readonly VirtualHostIndex _index = VirtualHostIndex.Empty;

    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>virtual_hosts</c>; no domain occurs twice, in any case.</summary>
    public IReadOnlyList<VirtualHost> VirtualHosts
    {
        get => _virtualHosts;
        init
        {
            _virtualHosts = [.. value];
            _index = new VirtualHostIndex(_virtualHosts);
        }
    }

    /// <summary><c>request_headers_to_add</c> and <c>_remove</c>.</summary>
    public HeaderEdits RequestHeaders { get; init; } = HeaderEdits.None;

    /// <summary><c>response_headers_to_add</c> and <c>_remove</c>.</summary>
    public HeaderEdits ResponseHeaders { get; init; } = HeaderEdits.None;

    /// <summary><c>most_specific_header_mutations_wins</c>: edits apply from the table down to the route instead of upwards; those of a weighted cluster always come first.</summary>
    public bool MostSpecificHeaderEditsWin { get; init; }

    /// <summary><c>ignore_port_in_host_matching</c>.</summary>
    public bool IgnorePortInHost { get; init; }

    /// <summary><c>ignore_path_parameters_in_path_matching</c>: what follows a semicolon does not count.</summary>
    public bool IgnorePathParameters { get; init; }

    /// <summary>The route for a request; the default value if none fits. Pure; does not allocate.</summary>
    public RouteMatch Match<THeaders>(in RouteQuery<THeaders> query)
        where THeaders : struct, IHeaderView
    {
        if (_index.Find(query.Authority, IgnorePortInHost) is not { } virtualHost)
            return default;
        // Envoy has no route for a request without scheme; the connection manager always sets one.
        if (string.IsNullOrEmpty(query.Scheme))
            return default;

        var path = PathMatcher.WithoutQuery(query.Path);
        if (IgnorePathParameters && path.IndexOf(';') is >= 0 and var parameters)
            path = path[..parameters];
        return virtualHost.Match(query, path) is { } route ? new RouteMatch(this, virtualHost, route) : default;
    }
}
