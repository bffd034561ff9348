using System.Collections.Frozen;

namespace Waypoint.Model.Routes;

/// <summary>Reads the names of retry conditions. Commas separate, blanks around and empty names are skipped (istiod sends empty ones).</summary>
public static class RetryConditions
{
    private static readonly FrozenDictionary<string, RetryOn> Http = new Dictionary<string, RetryOn>
    {
        ["5xx"] = RetryOn.ServerError,
        ["gateway-error"] = RetryOn.GatewayError,
        ["reset"] = RetryOn.Reset,
        ["reset-before-request"] = RetryOn.ResetBeforeRequest,
        ["connect-failure"] = RetryOn.ConnectFailure,
        ["envoy-ratelimited"] = RetryOn.EnvoyRateLimited,
        ["retriable-4xx"] = RetryOn.Retriable4xx,
        ["refused-stream"] = RetryOn.RefusedStream,
        ["retriable-status-codes"] = RetryOn.RetriableStatusCodes,
        ["retriable-headers"] = RetryOn.RetriableHeaders,
        // There is no HTTP/3 upstream that could fail.
        ["http3-post-connect-failure"] = RetryOn.None,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, RetryOn> Grpc = new Dictionary<string, RetryOn>
    {
        ["cancelled"] = RetryOn.GrpcCancelled,
        ["deadline-exceeded"] = RetryOn.GrpcDeadlineExceeded,
        ["resource-exhausted"] = RetryOn.GrpcResourceExhausted,
        ["internal"] = RetryOn.GrpcInternal,
        ["unavailable"] = RetryOn.GrpcUnavailable,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of <paramref name="conditions"/>, in the order of the enumeration.</summary>
    public static IEnumerable<string> NamesOf(RetryOn conditions) =>
        Http.Concat(Grpc).Where(entry => entry.Value != RetryOn.None && conditions.HasFlag(entry.Value)).OrderBy(static entry => entry.Value).Select(static entry => entry.Key);

    /// <summary>Conditions of HTTP (<c>x-envoy-retry-on</c>).</summary>
    /// <param name="text">The names; null: none.</param>
    /// <param name="unknown">Names that are not known; empty if all are.</param>
    public static RetryOn ParseHttp(string? text, out IReadOnlyList<string> unknown) => Parse(text, Http, null, out unknown);

    /// <summary>Conditions of gRPC (<c>x-envoy-retry-grpc-on</c>).</summary>
    /// <param name="text">The names; null: none.</param>
    /// <param name="unknown">Names that are not known; empty if all are.</param>
    public static RetryOn ParseGrpc(string? text, out IReadOnlyList<string> unknown) => Parse(text, Grpc, null, out unknown);

    /// <summary>Conditions of both kinds (<c>RetryPolicy.retry_on</c>).</summary>
    /// <param name="text">The names.</param>
    /// <param name="unknown">Names that are not known; empty if all are.</param>
    public static RetryOn Parse(string text, out IReadOnlyList<string> unknown) => Parse(text, Http, Grpc, out unknown);

    private static RetryOn Parse(string? text, FrozenDictionary<string, RetryOn> names, FrozenDictionary<string, RetryOn>? more, out IReadOnlyList<string> unknown)
    {
        unknown = [];
        var result = RetryOn.None;
        if (text is null)
            return result;
        List<string>? notKnown = null;
        foreach (var name in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (names.TryGetValue(name, out var condition) || more is not null && more.TryGetValue(name, out condition))
                result |= condition;
            else
                (notKnown ??= []).Add(name);
        }

        unknown = notKnown ?? unknown;
        return result;
    }
}
