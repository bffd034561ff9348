using Waypoint.Model.FilterChains;
using Waypoint.Model.Headers;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Filters;

/// <summary>A chain with one route to an upstream that has settings for one filter, and adds <c>x-route: yes</c> to its responses.</summary>
internal static class FilterRoutes
{
    public static HttpConnectionConfig Config(string filter, HttpFilterRouteConfig? settings)
    {
        var route = new Route
        {
            Condition = new RouteCondition { Path = PathCondition.Prefix("/") },
            Action = new ForwardAction { Clusters = ClusterSelector.Single("c") },
            ResponseHeaders = new HeaderEdits([], [new HeaderAddition("x-route", HeaderFormat.Literal("yes"), HeaderAppendAction.OverwriteIfExistsOrAdd, false)]),
            FilterConfigs = settings is null ? HttpFilterRouteConfig.NoConfigs : new Dictionary<string, HttpFilterRouteConfig> { [filter] = settings },
        };
        return new HttpConnectionConfig
        {
            Routes = new RouteTable { Name = "t", VirtualHosts = [new VirtualHost { Name = "v", Domains = ["*"], Routes = [route] }] },
            Filters = [],
            ServerName = "istio-envoy",
        };
    }

    /// <summary>Builds the request and chooses its route, with the scheme that hygiene would have set.</summary>
    public static HttpExchange Route(ExchangeBuilder builder)
    {
        HttpExchange exchange = builder.Build();
        exchange.Context.Request.Headers["x-forwarded-proto"] = "http";
        exchange.FindRoute(builder.Config);
        return exchange;
    }
}
