using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Headers;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>Changes a request that passes as its authorizer says.</summary>
internal static class RequestChange
{
    /// <summary>False if a change is not possible, or not allowed where that is an error; the request must then not go on.</summary>
    public static bool TryApply(HttpExchange exchange, CheckAnswer answer, HeaderMutationRules? rules)
    {
        var headers = new RequestHeaderEdits(exchange);
        foreach (HeaderChange change in answer.RequestHeaders)
        {
            if (!IsPossible(change))
                return false;
            if (Allows(rules, change.Name, out bool isError))
                Apply(ref headers, change);
            else if (isError)
                return false;
        }

        foreach (string name in answer.RequestHeadersToRemove)
        {
            // Without them there is no request.
            if (name.Length == 0 || name[0] == ':' || name == "host")
                continue;
            if (Allows(rules, name, out bool isError))
                headers.Remove(name);
            else if (isError)
                return false;
        }

        return TryApplyQuery(exchange, answer);
    }

    /// <summary>Sets or adds one header.</summary>
    public static void Apply<THeaders>(ref THeaders headers, in HeaderChange change)
        where THeaders : struct, Model.Requests.IMutableHeaders
    {
        switch (change.Action)
        {
            case HeaderAppendAction.AppendIfExistsOrAdd:
                headers.Append(change.Name, change.Value);
                break;
            case HeaderAppendAction.AddIfAbsent:
                if (headers.Count(change.Name) == 0)
                    headers.Set(change.Name, change.Value);
                break;
            case HeaderAppendAction.OverwriteIfExists:
                if (headers.Count(change.Name) > 0)
                    headers.Set(change.Name, change.Value);
                break;
            default:
                headers.Set(change.Name, change.Value);
                break;
        }
    }

    private static bool Allows(HeaderMutationRules? rules, string name, out bool isError)
    {
        isError = rules?.DisallowIsError ?? false;
        return rules?.Allows(name) ?? true;
    }

    private static bool IsPossible(in HeaderChange change)
    {
        if (!HeaderText.IsValue(change.Value))
            return false;
        return change.Name switch
        {
            ":path" => change.Value.StartsWith('/') && !change.Value.Contains(' ', StringComparison.Ordinal),
            ":authority" or "host" => change.Value.Length > 0,
            // Method and scheme decide how the message is framed and how far it is encrypted.
            _ => HeaderText.IsName(change.Name) && !HeaderText.IsFraming(change.Name),
        };
    }

    private static bool TryApplyQuery(HttpExchange exchange, CheckAnswer answer)
    {
        if (answer.QueryToSet.Count + answer.QueryToRemove.Count == 0)
            return true;
        foreach ((string key, string value) in answer.QueryToSet)
        {
            if (!IsQueryText(key) || !IsQueryText(value))
                return false;
        }

        exchange.Path = QueryChange.Apply(exchange.Path, answer.QueryToSet, answer.QueryToRemove);
        return true;
    }

    private static bool IsQueryText(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.Contains('#', StringComparison.Ordinal);
}
