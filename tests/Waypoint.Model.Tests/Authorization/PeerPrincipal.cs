using System.Net;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Authorization;

/// <summary>Filter state that holds the client's identity only.</summary>
internal sealed class PeerPrincipal(string principal) : IFilterStateView
{
    public const string Key = "io.istio.peer_principal";

    public string? GetText(string key) => key == Key ? principal : null;

    public IPAddress? GetAddress(string key) => null;
}
