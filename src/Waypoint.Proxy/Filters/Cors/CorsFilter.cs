using Microsoft.AspNetCore.Http;
using Waypoint.Model.Filters.Cors;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.Cors;

/// <summary>Tells browsers which origins may use a route (<c>envoy.filters.http.cors</c>). The decision is the model's; this answers preflights and marks responses.</summary>
internal sealed class CorsFilter(CorsFilterConfig config) : IHttpFilter
{
    private const string Details = "cors_response";

    public ValueTask<bool> ApplyAsync(HttpExchange exchange)
    {
        if (exchange.FilterConfig(config.Name) is not CorsRouteConfig policy)
        {
            return new(true);
        }

        CorsDecision decision = policy.Decide(exchange.Method, new RequestHeaderView(exchange), HttpExchange.RandomValue());
        switch (decision.Outcome)
        {
            case CorsOutcome.Pass:
                return new(true);
            case CorsOutcome.MarkResponse:
                exchange.OnResponse(new CorsResponseMark(policy, decision));
                return new(true);
            default:
                Answer(exchange, policy, decision);
                return new(false);
        }
    }

    /// <summary>Not a local reply: neither the route's response edits nor gRPC's form apply to it.</summary>
    private static void Answer(HttpExchange exchange, CorsRouteConfig policy, in CorsDecision decision)
    {
        HttpResponse response = exchange.Context.Response;
        exchange.AnsweredLocally = true;
        exchange.Details = Details;
        response.StatusCode = StatusCodes.Status200OK;
        ResponseHygiene.AddServer(exchange, response.Headers);
        if (decision.Outcome == CorsOutcome.AnswerPreflight)
        {
            var headers = new ResponseHeaderEdits(response.Headers);
            policy.MarkPreflight(ref headers, decision);
        }

        response.ContentLength = 0;
    }
}
