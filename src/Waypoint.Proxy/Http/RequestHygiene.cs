using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Waypoint.Model.Edge;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Http;

/// <summary>Brings a request into the form that matching, authorization and the upstream may rely on, or refuses it (docs: request header processing before filters).
/// It runs before everything that looks at a header or a path, so that no policy ever sees another request than the upstream does.</summary>
internal static class RequestHygiene
{
    private static readonly Func<string> NewRequestId = RequestId.Create;

    /// <summary>Cleans the request in place; anything but <see cref="FailureReason.None"/> refuses it.</summary>
    public static FailureReason Apply(HttpExchange exchange, HttpConnectionConfig config)
    {
        HttpRequest request = exchange.Context.Request;
        if (!config.AcceptHttp10 && HttpProtocol.IsHttp10(request.Protocol))
        {
            return FailureReason.HttpVersionTooLow;
        }

        IHeaderDictionary headers = exchange.RequestHeaders;
        if (exchange.Authority.Length == 0 && !HttpProtocol.IsHttp10(request.Protocol))
        {
            return FailureReason.MissingHost;
        }

        if (!IsUpgradeAllowed(exchange, config, headers))
        {
            return FailureReason.UpgradeNotAllowed;
        }

        // HTTP/1 names are looked at before the server sees them.
        if (config.Http1.UnderscoreHeaders != UnderscoreHeadersAction.Allow && exchange.Wire is null && !ApplyUnderscoreRule(headers, config.Http1.UnderscoreHeaders))
        {
            return FailureReason.UnderscoreHeader;
        }

        CleanHeaders(config, exchange);
        return RequestPath.Apply(exchange, config);
    }

    private static bool IsUpgradeAllowed(HttpExchange exchange, HttpConnectionConfig config, IHeaderDictionary headers)
    {
        if (exchange.Wire is { IsPlain: true })
        {
            return true;
        }

        if (HttpMethods.IsConnect(exchange.Method))
        {
            if (!config.AllowExtendedConnect || exchange.ExtendedConnectProtocol is not { } protocol || !Contains(config.AllowedUpgrades, protocol))
            {
                return false;
            }

            exchange.TakeAsUpgrade(protocol);
            return true;
        }

        if (exchange.Context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
        {
            return true;
        }

        return Contains(config.AllowedUpgrades, headers.Upgrade.ToString());
    }

    private static bool Contains(IReadOnlyList<string> allowed, string wanted)
    {
        foreach (string protocol in allowed)
        {
            if (string.Equals(wanted, protocol, StringComparison.OrdinalIgnoreCase))
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

    private static bool HasEnvoyHeader(IHeaderDictionary headers)
    {
        foreach (KeyValuePair<string, StringValues> header in headers)
        {
            if (header.Key.StartsWith("x-envoy-", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static void CleanHeaders(HttpConnectionConfig config, HttpExchange exchange)
    {
        exchange.MayHaveEnvoyHeaders = exchange.Wire?.MayHaveEnvoyHeaders ?? HasEnvoyHeader(exchange.RequestHeaders);
        var headers = new RequestHeaderEdits(exchange);
        var connection = new EdgeConnection(exchange.Tunnel.Source.Address, exchange.Tunnel.Destination?.Port ?? 0, IsTls: false);
        exchange.ForwardedAddress = RequestEdge.Apply(ref headers, config.Edge, connection, NewRequestId).Client;
        if (config.Edge.StripHostPort != HostPortStripping.None || config.Edge.StripTrailingHostDot)
        {
            exchange.Authority = RequestEdge.NormalizeHost(exchange.Authority, config.Edge, connection.LocalPort);
        }
    }
}
