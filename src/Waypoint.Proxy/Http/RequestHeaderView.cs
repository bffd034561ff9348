using Microsoft.Extensions.Primitives;
using Waypoint.Model.Requests;

namespace Waypoint.Proxy.Http;

/// <summary>The request's headers for the pure decisions, straight from the server's table. Pseudo headers come from the exchange, which holds them normalised.</summary>
internal readonly struct RequestHeaderView(HttpExchange exchange) : IHeaderView
{
    public int Count(string name) => name[0] == ':' || name == "host" ? (Pseudo(name) is null ? 0 : 1) : exchange.RequestHeaders[name].Count;

    public string Get(string name, int index)
    {
        if (name[0] == ':' || name == "host")
        {
            return Pseudo(name) ?? "";
        }

        StringValues values = exchange.RequestHeaders[name];
        return values[index] ?? "";
    }

    private string? Pseudo(string name) => name switch
    {
        ":path" => exchange.Path,
        ":method" => exchange.Method,
        ":authority" or "host" => exchange.Authority,
        ":scheme" => exchange.Scheme,
        _ => null,
    };
}
