using Microsoft.AspNetCore.Http;
using Waypoint.Model.Filters.HeaderMutation;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.HeaderMutation;

/// <summary>What is left to be done when the response comes.</summary>
internal sealed class HeaderMutationResponse(MutationSet mutations) : IResponseEdit, ITrailerEdit
{
    public void Edit(HttpExchange exchange)
    {
        var headers = new ResponseHeaderEdits(exchange.Context.Response.Headers);
        mutations.Response.Apply(ref headers, exchange.FormatValues);
    }

    public ValueTask EditTrailersAsync(HttpExchange exchange, IHeaderDictionary trailers)
    {
        if (trailers.Count > 0)
        {
            var headers = new ResponseHeaderEdits(trailers);
            mutations.ResponseTrailers.Apply(ref headers, exchange.FormatValues);
        }

        return default;
    }
}
