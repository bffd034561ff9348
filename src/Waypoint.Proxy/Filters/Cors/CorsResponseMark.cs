using Waypoint.Model.Filters.Cors;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.Cors;

/// <summary>Marks the response to a request from an allowed origin. Holds the origin as it came: route edits may change the request meanwhile.</summary>
internal sealed class CorsResponseMark(CorsRouteConfig policy, CorsDecision decision) : IResponseEdit
{
    public void Edit(HttpExchange exchange)
    {
        var headers = new ResponseHeaderEdits(exchange.Context.Response.Headers);
        policy.MarkResponse(ref headers, decision);
    }
}
