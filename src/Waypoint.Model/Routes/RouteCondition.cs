using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>When a route applies (<c>envoy.config.route.v3.RouteMatch</c>): every condition must fit. Immutable.</summary>
public sealed class RouteCondition
{
    private readonly HeaderMatcher[] _headers = [];
    private readonly QueryParameterMatcher[] _queryParameters = [];
    private readonly MetadataMatcher[] _metadata = [];
    private readonly FilterStateMatcher[] _filterState = [];

    /// <summary><c>path_specifier</c> with <c>case_sensitive</c>.</summary>
    public required PathCondition Path { get; init; }

    /// <summary><c>headers</c>.</summary>
    public IReadOnlyList<HeaderMatcher> Headers
    {
        get => _headers;
        init => _headers = [.. value];
    }

    /// <summary><c>query_parameters</c>.</summary>
    public IReadOnlyList<QueryParameterMatcher> QueryParameters
    {
        get => _queryParameters;
        init => _queryParameters = [.. value];
    }

    /// <summary><c>dynamic_metadata</c>.</summary>
    public IReadOnlyList<MetadataMatcher> Metadata
    {
        get => _metadata;
        init => _metadata = [.. value];
    }

    /// <summary><c>filter_state</c>.</summary>
    public IReadOnlyList<FilterStateMatcher> FilterState
    {
        get => _filterState;
        init => _filterState = [.. value];
    }

    /// <summary><c>runtime_fraction</c>; null: every request.</summary>
    public RuntimeFraction? Fraction { get; init; }

    /// <summary><c>grpc</c>: only gRPC requests.</summary>
    public bool GrpcOnly { get; init; }

    /// <summary><c>tls_context.presented</c>; null: not asked.</summary>
    public bool? PeerCertificatePresented { get; init; }

    /// <summary><c>tls_context.validated</c>; null: not asked.</summary>
    public bool? PeerCertificateValidated { get; init; }

    /// <summary>True if the request fits. Pure; does not allocate.</summary>
    /// <param name="query">The request.</param>
    /// <param name="path">Its path as <see cref="PathCondition.Matches"/> wants it.</param>
    internal bool Matches<THeaders>(in RouteQuery<THeaders> query, ReadOnlySpan<char> path)
        where THeaders : struct, IHeaderView
    {
        if (!Path.Matches(path, query.Path is not null, query.Method == "CONNECT"))
            return false;
        if (Fraction is not null && !Fraction.IsEnabled(query.RandomValue, query.Runtime))
            return false;
        if (GrpcOnly && !IsGrpc(query.Headers))
            return false;
        foreach (var matcher in _headers)
        {
            if (!matcher.Matches(query.Headers))
                return false;
        }

        foreach (var matcher in _queryParameters)
        {
            if (!matcher.Matches(query.Path))
                return false;
        }

        if (PeerCertificatePresented is { } presented && presented != query.PeerCertificatePresented)
            return false;
        if (PeerCertificateValidated is { } validated && validated != query.PeerCertificateValidated)
            return false;
        foreach (var matcher in _metadata)
        {
            if (!matcher.Matches(query.Metadata))
                return false;
        }

        foreach (var matcher in _filterState)
        {
            if (!matcher.Matches(query.FilterState))
                return false;
        }

        return true;
    }

    private static bool IsGrpc<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        const string Grpc = "application/grpc";
        if (headers.Count(HeaderNames.ContentType) == 0)
            return false;
        var type = headers.Get(HeaderNames.ContentType, 0);
        return type.StartsWith(Grpc, StringComparison.Ordinal) && (type.Length == Grpc.Length || type[Grpc.Length] == '+');
    }
}
