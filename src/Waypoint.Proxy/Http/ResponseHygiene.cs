using System.Globalization;
using Microsoft.AspNetCore.Http;
using Waypoint.Model.Edge;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Http;

/// <summary>Headers that every response gets (docs: router and response side).</summary>
internal static class ResponseHygiene
{
    /// <summary>Sets or keeps <c>server</c> as the connection manager says.</summary>
    public static void AddServer(HttpExchange exchange, IHeaderDictionary headers)
    {
        if (exchange.Config is not { } config)
        {
            return;
        }

        Complete(exchange, config, headers);
        if (config.ServerHeader == ServerHeaderMode.PassThrough)
        {
            return;
        }

        if (config.ServerHeader == ServerHeaderMode.Overwrite || headers.Server.Count == 0)
        {
            headers.Server = config.ServerName;
        }
    }

    /// <summary>Sets <c>x-envoy-upstream-service-time</c> in whole milliseconds.</summary>
    public static void AddServiceTime(HttpExchange exchange, IHeaderDictionary headers, TimeSpan elapsed)
    {
        exchange.UpstreamServiceTime = elapsed;
        if (exchange.Config is not { SuppressEnvoyHeaders: true })
        {
            headers["x-envoy-upstream-service-time"] = Milliseconds((long)elapsed.TotalMilliseconds);
        }
    }

    private static void Complete(HttpExchange exchange, HttpConnectionConfig config, IHeaderDictionary headers)
    {
        if (config.Http1.ProperCaseWords && exchange.Wire is not null)
        {
            HeaderWords.UseInResponse(exchange.Context.Response);
        }

        if (config.Edge is { Via.Length: > 0 } or { RequestIdInResponse: true } || (exchange.MayHaveEnvoyHeaders && exchange.RequestHeaders.ContainsKey("x-envoy-force-trace")))
        {
            var response = new ResponseHeaderEdits(headers);
            ResponseEdge.Complete(ref response, new RequestHeaderView(exchange), config.Edge);
        }
    }

    // Most answers take less than this; their texts need not be made each time.
    private static readonly string[] SmallNumbers = [.. Enumerable.Range(0, 256).Select(static n => n.ToString(CultureInfo.InvariantCulture))];

    private static string Milliseconds(long value) =>
        value >= 0 && value < SmallNumbers.Length ? SmallNumbers[value] : value.ToString(CultureInfo.InvariantCulture);
}
