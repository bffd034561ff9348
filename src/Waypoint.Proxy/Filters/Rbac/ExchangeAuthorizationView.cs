using System.Net;
using Waypoint.Model.Authorization;
using Waypoint.Model.Requests;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.Rbac;

/// <summary>A request as authorization rules see it. The principal comes from the tunnel's TLS alone; the inner connection has none of its own.</summary>
internal readonly struct ExchangeAuthorizationView(HttpExchange exchange) : IAuthorizationView
{
    public bool IsTls => false;

    public bool PeerCertificateValidated => false;

    public int UriSanCount => 0;

    public int DnsSanCount => 0;

    public string PeerSubject => "";

    public IPAddress? SourceAddress => exchange.Tunnel.Source.Address;

    public int SourcePort => exchange.Tunnel.Source.Port;

    public IPAddress? DirectRemoteAddress => exchange.Tunnel.Source.Address;

    public IPAddress? RemoteAddress => ForwardedClient.AddressOf(exchange);

    public IPAddress? DestinationAddress => exchange.Tunnel.Destination?.Address;

    public int DestinationPort => exchange.Tunnel.Destination?.Port ?? 0;

    public string RequestedServerName => "";

    public string GetUriSan(int index) => "";

    public string GetDnsSan(int index) => "";

    public IMetadataView? DynamicMetadata => exchange.Metadata;

    public IMetadataView? RouteMetadata => exchange.Match.Route?.Metadata;

    public IFilterStateView? FilterState => exchange.Tunnel.State;

    public int Count(string name) => new RequestHeaderView(exchange).Count(name);

    public string Get(string name, int index) => new RequestHeaderView(exchange).Get(name, index);
}
