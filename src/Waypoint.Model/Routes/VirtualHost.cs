using Waypoint.Model.Headers;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary><c>envoy.config.route.v3.VirtualHost</c>. Immutable.</summary>
public sealed class VirtualHost
{
    /// <summary>Redirects to https, for <see cref="TlsRequirement"/>.</summary>
    private static readonly Route RedirectToTls = new()
    {
        Condition = new RouteCondition { Path = PathCondition.Prefix("") },
        Action = new RedirectAction { Scheme = "https" },
    };

    private readonly Route[] _routes = [];

    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>domains</c>, as configured.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary><c>routes</c> in order: the first that fits wins.</summary>
    public IReadOnlyList<Route> Routes
    {
        get => _routes;
        init => _routes = [.. value];
    }

    /// <summary><c>matcher</c>, in place of <see cref="Routes"/>; null: none.</summary>
    public RouteTree? Tree { get; init; }

    /// <summary><c>require_tls</c>.</summary>
    public TlsRequirement RequireTls { get; init; }

    /// <summary><c>request_headers_to_add</c> and <c>_remove</c>.</summary>
    public HeaderEdits RequestHeaders { get; init; } = HeaderEdits.None;

    /// <summary><c>response_headers_to_add</c> and <c>_remove</c>.</summary>
    public HeaderEdits ResponseHeaders { get; init; } = HeaderEdits.None;

    /// <summary><c>virtual_clusters</c>.</summary>
    public IReadOnlyList<VirtualCluster> VirtualClusters { get; init; } = [];

    /// <summary><c>include_request_attempt_count</c>: the upstream gets <c>x-envoy-attempt-count</c>.</summary>
    public bool AttemptCountInRequest { get; init; }

    /// <summary><c>include_attempt_count_in_response</c>.</summary>
    public bool AttemptCountInResponse { get; init; }

    /// <summary><c>include_is_timeout_retry_header</c>: a retry after a timeout gets <c>x-envoy-is-timeout-retry</c>.</summary>
    public bool TimeoutRetryHeader { get; init; }

    /// <summary>The virtual cluster of a request by its name, <c>other</c> if it belongs to none, null if the host has none.</summary>
    public string? FindVirtualCluster<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        foreach (var candidate in VirtualClusters)
        {
            var fits = true;
            for (var i = 0; fits && i < candidate.Headers.Count; i++)
                fits = candidate.Headers[i].Matches(headers);
            if (fits)
                return candidate.Name;
        }

        return VirtualClusters.Count > 0 ? "other" : null;
    }

    internal Route? Match<THeaders>(in RouteQuery<THeaders> query, ReadOnlySpan<char> path)
        where THeaders : struct, IHeaderView
    {
        if (RequireTls != TlsRequirement.None && query.Scheme != "https" && (RequireTls == TlsRequirement.All || !IsInternal(query.Headers)))
            return RedirectToTls;
        if (Tree is not null)
            return Tree.Match(query, path);
        foreach (var route in _routes)
        {
            if (route.Condition.Matches(query, path))
                return route;
        }

        return null;
    }

    private static bool IsInternal<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView =>
        headers.Count(HeaderNames.EnvoyInternal) > 0 && headers.Get(HeaderNames.EnvoyInternal, 0) == "true";
}
