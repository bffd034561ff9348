using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters;

/// <summary>One HTTP filter of a chain at run time. Immutable and shared by all requests of the chain.</summary>
internal interface IHttpFilter
{
    /// <summary>Looks at a request after hygiene and route match. False: the filter has answered and nothing further may touch the request.</summary>
    ValueTask<bool> ApplyAsync(HttpExchange exchange);
}
