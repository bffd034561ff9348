using Waypoint.Model.Formatting;
using Waypoint.Model.Headers;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Filters.HeaderMutation;

/// <summary><c>envoy.extensions.filters.http.header_mutation.v3.Mutations</c>. Immutable.</summary>
public sealed class MutationSet
{
    /// <summary>Changes nothing.</summary>
    public static MutationSet None { get; } = new();

    /// <summary><c>request_mutations</c>.</summary>
    public HeaderMutationList Request { get; init; } = HeaderMutationList.None;

    /// <summary><c>query_parameter_mutations</c>.</summary>
    public IReadOnlyList<QueryMutation> Query { get; init; } = [];

    /// <summary><c>response_mutations</c>.</summary>
    public HeaderMutationList Response { get; init; } = HeaderMutationList.None;

    /// <summary><c>response_trailers_mutations</c>; of a response that has trailers.</summary>
    public HeaderMutationList ResponseTrailers { get; init; } = HeaderMutationList.None;

    /// <summary>True if something is to be done when the response comes.</summary>
    public bool ChangesResponse => !Response.IsEmpty || !ResponseTrailers.IsEmpty;

    /// <summary>Changes a request: its headers, then its query.</summary>
    public void ApplyToRequest<THeaders>(ref THeaders headers, IFormatValues values)
        where THeaders : struct, IMutableHeaders
    {
        Request.Apply(ref headers, values);
        if (Query.Count == 0 || headers.Count(HeaderNames.Path) == 0)
            return;
        var path = headers.Get(HeaderNames.Path, 0);
        var parameters = QueryParameters.Parse(path, decode: false);
        foreach (var mutation in Query)
            mutation.Apply(parameters, values);
        headers.Set(HeaderNames.Path, parameters.ReplaceIn(path));
    }
}
