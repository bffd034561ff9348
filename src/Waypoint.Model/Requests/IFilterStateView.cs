using System.Net;

namespace Waypoint.Model.Requests;

/// <summary>Objects that filters put on a connection or a request under a name (Envoy's filter state), such as <c>io.istio.peer_principal</c>.</summary>
public interface IFilterStateView
{
    /// <summary>The object as text; null if there is none.</summary>
    string? GetText(string key);

    /// <summary>The object as an address; null if there is none or it is of another kind.</summary>
    IPAddress? GetAddress(string key);
}
