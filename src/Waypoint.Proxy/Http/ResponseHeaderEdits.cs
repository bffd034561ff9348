using Microsoft.AspNetCore.Http;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Proxy.Http;

/// <summary>The response's headers for edits.</summary>
internal readonly struct ResponseHeaderEdits(IHeaderDictionary headers) : IMutableHeaders
{
    public int Count(string name) => headers[name].Count;

    public string Get(string name, int index) => headers[name][index] ?? "";

    public void Set(string name, string value) => headers[name] = value;

    public void Append(string name, string value) => headers.Append(name, value);

    public void Remove(string name) => headers.Remove(name);

    public void RemoveMatching(StringMatcher name) => RequestHeaderEdits.RemoveMatching(headers, name);
}
