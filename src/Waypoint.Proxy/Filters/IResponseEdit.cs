using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters;

/// <summary>What a filter that let a request pass does to its response later, whoever answers. Registered with <see cref="HttpExchange.OnResponse"/>.</summary>
internal interface IResponseEdit
{
    /// <summary>Changes the response's headers before they go out; the route's edits are done. May be called more than once for one response.</summary>
    void Edit(HttpExchange exchange);
}
