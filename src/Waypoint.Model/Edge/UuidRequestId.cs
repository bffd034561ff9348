using System.Globalization;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Edge;

/// <summary><c>x-request-id</c> as a UUID (<c>envoy.extensions.request_id.uuid</c>): identifies the request, decides consistently about samples by its number, and carries the decision to trace it in
/// its 15th character.</summary>
public static class UuidRequestId
{
    private const int ReasonAt = 14;
    private const int NumberDigits = 8;

    /// <summary>Whether a new one is to be made for a request that came with <paramref name="current"/>.</summary>
    /// <param name="current">The header; null if absent.</param>
    /// <param name="isEdge">True for a request from outside at the edge.</param>
    /// <param name="preserveExternal">True if such a client may bring its own.</param>
    public static bool NeedsNew(string? current, bool isEdge, bool preserveExternal) => string.IsNullOrEmpty(current) || (isEdge && !preserveExternal);

    /// <summary>The number that decides about samples; null if the text is no such identifier.</summary>
    public static uint? Number(string? id) =>
        id is { Length: >= NumberDigits } && uint.TryParse(id.AsSpan(0, NumberDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The decision that the identifier carries.</summary>
    public static TraceReason Reason(string? id) => id is null || id.Length <= ReasonAt
        ? TraceReason.NotTraceable
        : id[ReasonAt] switch
        {
            '9' => TraceReason.Sampling,
            'a' => TraceReason.ServiceForced,
            'b' => TraceReason.ClientForced,
            _ => TraceReason.NotTraceable,
        };

    /// <summary>The identifier with another decision; unchanged if it is too short to carry one.</summary>
    public static string WithReason(string id, TraceReason reason)
    {
        if (id.Length <= ReasonAt)
            return id;
        var mark = reason switch
        {
            TraceReason.Sampling => '9',
            TraceReason.ServiceForced => 'a',
            TraceReason.ClientForced => 'b',
            _ => '4',
        };
        return id[ReasonAt] == mark ? id : string.Create(id.Length, (id, mark), static (span, state) =>
        {
            state.id.CopyTo(span);
            span[ReasonAt] = state.mark;
        });
    }

    /// <summary>Tells the client the identifier of its request: the response gets the request's.</summary>
    public static void SetInResponse<TRequest, TResponse>(in TRequest request, ref TResponse response)
        where TRequest : struct, IHeaderView
        where TResponse : struct, IMutableHeaders
    {
        if (request.Count(HeaderNames.RequestId) > 0)
            response.Set(HeaderNames.RequestId, request.Get(HeaderNames.RequestId, 0));
    }
}
