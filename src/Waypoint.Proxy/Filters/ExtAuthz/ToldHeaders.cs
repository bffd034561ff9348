using Microsoft.Extensions.Primitives;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>The headers of a request that a service is told: names in lower case, pseudo headers first, several lines of a name joined by commas.</summary>
internal static class ToldHeaders
{
    /// <summary>The headers that <paramref name="config"/> lets through.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(HttpExchange exchange, ExtAuthzFilterConfig config)
    {
        foreach ((string name, StringValues lines) in Lines(exchange, config))
        {
            yield return new(name, lines.Count == 1 ? lines[0] ?? "" : string.Join(',', lines.ToArray()));
        }
    }

    /// <summary>The headers that <paramref name="config"/> lets through, line by line.</summary>
    public static IEnumerable<KeyValuePair<string, StringValues>> Lines(HttpExchange exchange, ExtAuthzFilterConfig config)
    {
        KeyValuePair<string, StringValues>[] pseudo =
        [
            new(":authority", exchange.Authority), new(":path", exchange.Path), new(":method", exchange.Method), new(":scheme", exchange.Scheme),
        ];
        foreach (KeyValuePair<string, StringValues> header in pseudo)
        {
            if (config.Tells(header.Key))
            {
                yield return header;
            }
        }

        foreach (KeyValuePair<string, StringValues> header in exchange.RequestHeaders)
        {
            if (header.Key.Length == 0 || header.Key[0] == ':' || header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            // Matchers and services expect lower case.
#pragma warning disable CA1308
            string name = header.Key.ToLowerInvariant();
#pragma warning restore CA1308
            if (config.Tells(name))
            {
                yield return new(name, header.Value);
            }
        }
    }
}
