using System.Net;
using Waypoint.Hbone.Terminate;
using Waypoint.Model.Identity;
using Waypoint.Model.Requests;

namespace Waypoint.Proxy.Http;

/// <summary>The filter state that Envoy's hops hand on with a tunnel, by its keys (docs: filter-state keys on main_internal). The principals come from TLS alone. Immutable.</summary>
internal sealed class TunnelFilterState(SpiffeId peer, SpiffeId local, string authority, IPAddress? destination, IPEndPoint source) : IFilterStateView
{
    private const string PeerPrincipal = "io.istio.peer_principal";
    private const string LocalPrincipal = "io.istio.local_principal";
    private const string ConnectAuthority = "io.istio.connect_authority";
    private const string LocalAddress = "envoy.filters.listener.original_dst.local_ip";
    private const string RemoteAddress = "envoy.filters.listener.original_dst.remote_ip";

    /// <summary>The client's address as text.</summary>
    public string SourceText => field ??= source.ToString();

    /// <summary>The state of a CONNECT.</summary>
    public static TunnelFilterState Of(ConnectRequest request) =>
        new(request.PeerIdentity, request.LocalIdentity, request.Authority, request.Address, request.RemoteEndPoint);

    public string? GetText(string key) => key switch
    {
        PeerPrincipal => peer.Uri,
        LocalPrincipal => local.Uri,
        ConnectAuthority => authority,
        LocalAddress => destination is null ? null : authority,
        RemoteAddress => SourceText,
        _ => null,
    };

    public IPAddress? GetAddress(string key) => key switch
    {
        LocalAddress => destination,
        RemoteAddress => source.Address,
        _ => null,
    };
}
