using Microsoft.AspNetCore.Http;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Proxy.Http;

/// <summary>The request's headers for edits. Path and authority are edited on the exchange: they go upstream from there.</summary>
internal readonly struct RequestHeaderEdits(HttpExchange exchange) : IMutableHeaders
{
    public int Count(string name) => IsSurelyAbsent(name) ? 0 : new RequestHeaderView(exchange).Count(name);

    public string Get(string name, int index) => new RequestHeaderView(exchange).Get(name, index);

    public void Set(string name, string value)
    {
        switch (name)
        {
            case HeaderNames.Path:
                exchange.Path = value;
                break;
            case HeaderNames.Authority or "host":
                exchange.Authority = value;
                break;
            default:
                NoteControl(name);
                exchange.RequestHeaders[name] = value;
                break;
        }
    }

    public void Append(string name, string value)
    {
        if (name[0] == ':' || name == "host")
        {
            Set(name, value);
        }
        else
        {
            NoteControl(name);
            exchange.RequestHeaders.Append(name, value);
        }
    }

    public void Remove(string name)
    {
        if (!IsSurelyAbsent(name))
        {
            exchange.RequestHeaders.Remove(name);
        }
    }

    public void RemoveMatching(StringMatcher name) => RemoveMatching(exchange.RequestHeaders, name);

    /// <summary>Removes the headers whose name, in lower case, fits; never the authority.</summary>
    internal static void RemoveMatching(IHeaderDictionary headers, StringMatcher name)
    {
        foreach (string key in headers.Keys.ToArray())
        {
#pragma warning disable CA1308 // matchers expect lower case
            if (key is not ("Host" or [':', ..]) && name.Matches(key.ToLowerInvariant()))
#pragma warning restore CA1308
            {
                headers.Remove(key);
            }
        }
    }

    private static bool IsControl(string name) => name.StartsWith("x-envoy-", StringComparison.Ordinal);

    private bool IsSurelyAbsent(string name) => !exchange.MayHaveEnvoyHeaders && IsControl(name);

    private void NoteControl(string name)
    {
        if (IsControl(name))
        {
            exchange.HasControlHeaders = exchange.MayHaveEnvoyHeaders = true;
        }
    }
}
