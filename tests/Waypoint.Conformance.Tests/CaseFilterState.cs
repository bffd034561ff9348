using System.Net;
using System.Text.Json;
using Waypoint.Model.Requests;

namespace Waypoint.Conformance.Tests;

/// <summary>Filter state of a case: texts by key; an address is written with its port.</summary>
internal sealed class CaseFilterState(JsonElement json) : IFilterStateView
{
    public string? GetText(string key) => json.Text(key);

    public IPAddress? GetAddress(string key) => IPEndPoint.TryParse(json.Text(key) ?? "", out var endPoint) ? endPoint.Address : null;
}
