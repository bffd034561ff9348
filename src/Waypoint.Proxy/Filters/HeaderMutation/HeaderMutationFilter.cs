using Waypoint.Model.FilterChains;
using Waypoint.Model.Filters.HeaderMutation;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.HeaderMutation;

/// <summary>Changes headers and queries as configuration says (<c>envoy.filters.http.header_mutation</c>); the changes are the model's.</summary>
internal sealed class HeaderMutationFilter(HeaderMutationFilterConfig config) : IHttpFilter
{
    public ValueTask<bool> ApplyAsync(HttpExchange exchange)
    {
        HttpFilterRouteConfig? perRoute = exchange.FilterConfig(config.Name);
        if (perRoute is { Disabled: true })
        {
            return new(true);
        }

        foreach (MutationSet mutations in config.For(perRoute as HeaderMutationRouteConfig))
        {
            var headers = new RequestHeaderEdits(exchange);
            mutations.ApplyToRequest(ref headers, exchange.FormatValues);
            if (mutations.ChangesResponse)
            {
                exchange.OnResponse(new HeaderMutationResponse(mutations));
            }
        }

        return new(true);
    }
}
