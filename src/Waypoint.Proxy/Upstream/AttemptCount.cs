using System.Globalization;
using Microsoft.AspNetCore.Http;
using Waypoint.Model.Failures;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Upstream;

/// <summary>Tells upstream and client how many tries there were, where the virtual host asks for it.</summary>
internal static class AttemptCount
{
    private const string Header = "x-envoy-attempt-count";
    private const string TimeoutRetry = "x-envoy-is-timeout-retry";

    /// <summary>Before a try (<c>include_request_attempt_count</c>, <c>include_is_timeout_retry_header</c>).</summary>
    public static void Announce(HttpExchange exchange, RetryState retries)
    {
        if (exchange.Match.VirtualHost is not { } host)
        {
            return;
        }

        if (host.AttemptCountInRequest)
        {
            exchange.MayHaveEnvoyHeaders = true;
            exchange.RequestHeaders[Header] = exchange.Attempts.ToString(CultureInfo.InvariantCulture);
        }

        if (host.TimeoutRetryHeader && exchange.Attempts > 1)
        {
            exchange.MayHaveEnvoyHeaders = true;
            exchange.RequestHeaders[TimeoutRetry] = retries.LastFailure is FailureReason.PerTryTimeout or FailureReason.PerTryIdleTimeout ? "true" : "false";
        }
    }

    /// <summary>On the answer, the upstream's or a local one (<c>include_attempt_count_in_response</c>).</summary>
    public static void Report(HttpExchange exchange, IHeaderDictionary response)
    {
        if (exchange is { Attempts: > 0, Match.VirtualHost.AttemptCountInResponse: true })
        {
            response[Header] = exchange.Attempts.ToString(CultureInfo.InvariantCulture);
        }
    }
}
