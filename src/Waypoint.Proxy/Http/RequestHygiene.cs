using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Http;

/// <summary>Brings a request into the form that matching, authorization and the upstream may rely on, or refuses it (docs: request header processing before filters).
/// It runs before everything that looks at a header or a path, so that no policy ever sees another request than the upstream does.</summary>
internal static class RequestHygiene
{
    // The client is external (no internal_address_config): it must not steer the router.
    private static readonly string[] ClientMayNotSet =
    [
        "x-envoy-internal",
        "x-envoy-retry-on",
        "x-envoy-retry-grpc-on",
        "x-envoy-max-retries",
        "x-envoy-retriable-status-codes",
        "x-envoy-retriable-header-names",
        "x-envoy-upstream-alt-stat-name",
        "x-envoy-upstream-rq-timeout-ms",
        "x-envoy-upstream-rq-per-try-timeout-ms",
        "x-envoy-upstream-rq-timeout-alt-response",
        "x-envoy-expected-rq-timeout-ms",
        "x-envoy-force-trace",
        "x-envoy-ip-tags",
        "x-envoy-original-url",
        "x-envoy-hedge-on-per-try-timeout",
    ];

    /// <summary>Cleans the request in place; anything but <see cref="FailureReason.None"/> refuses it.</summary>
    public static FailureReason Apply(HttpExchange exchange, HttpConnectionConfig config)
    {
        HttpRequest request = exchange.Context.Request;
        if (!config.AcceptHttp10 && HttpProtocol.IsHttp10(request.Protocol))
        {
            return FailureReason.HttpVersionTooLow;
        }

        IHeaderDictionary headers = request.Headers;
        if (exchange.Authority.Length == 0 && !HttpProtocol.IsHttp10(request.Protocol))
        {
            return FailureReason.MissingHost;
        }

        if (!IsUpgradeAllowed(exchange, config, headers))
        {
            return FailureReason.UpgradeNotAllowed;
        }

        if (config.UnderscoreHeaders != UnderscoreHeadersAction.Allow && !ApplyUnderscoreRule(headers, config.UnderscoreHeaders))
        {
            return FailureReason.UnderscoreHeader;
        }

        CleanHeaders(headers, config, exchange);
        return RequestPath.Apply(exchange, config);
    }

    private static bool IsUpgradeAllowed(HttpExchange exchange, HttpConnectionConfig config, IHeaderDictionary headers)
    {
        if (HttpMethods.IsConnect(exchange.Method))
        {
            return false;
        }

        if (exchange.Context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
        {
            return true;
        }

        string wanted = headers.Upgrade.ToString();
        if (string.Equals(wanted, "h2c", StringComparison.OrdinalIgnoreCase))
        {
            headers.Remove(HeaderNames.Upgrade);
            return true;
        }

        foreach (string allowed in config.AllowedUpgrades)
        {
            if (string.Equals(wanted, allowed, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ApplyUnderscoreRule(IHeaderDictionary headers, UnderscoreHeadersAction action)
    {
        List<string>? drop = null;
        foreach (KeyValuePair<string, StringValues> header in headers)
        {
            if (header.Key.Contains('_'))
            {
                if (action == UnderscoreHeadersAction.RejectRequest)
                {
                    return false;
                }

                (drop ??= []).Add(header.Key);
            }
        }

        foreach (string name in drop ?? [])
        {
            headers.Remove(name);
        }

        return true;
    }

    private static void CleanHeaders(IHeaderDictionary headers, HttpConnectionConfig config, HttpExchange exchange)
    {
        foreach (string name in ClientMayNotSet)
        {
            headers.Remove(name);
        }

        if (headers.TE.Count > 0)
        {
            KeepOnlyTrailers(headers);
        }

        if (!config.KeepClientCertHeader)
        {
            headers.Remove("x-forwarded-client-cert");
        }

        if (!headers.ContainsKey("x-forwarded-proto"))
        {
            headers["x-forwarded-proto"] = "http";
        }

        if (config.AppendXForwardedPort && exchange.Tunnel.Destination is { } destination && !headers.ContainsKey("x-forwarded-port"))
        {
            headers["x-forwarded-port"] = destination.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (config.GenerateRequestId && !headers.ContainsKey("x-request-id"))
        {
            headers["x-request-id"] = RequestId.Create();
        }
    }

    private static void KeepOnlyTrailers(IHeaderDictionary headers)
    {
        foreach (string? line in headers.TE)
        {
            foreach (Range part in line.AsSpan().Split(','))
            {
                if (line.AsSpan(part).Trim().Equals("trailers", StringComparison.OrdinalIgnoreCase))
                {
                    headers.TE = "trailers";
                    return;
                }
            }
        }

        headers.Remove(HeaderNames.TE);
    }
}
