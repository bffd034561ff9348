using System.Net;
using Waypoint.Hbone.Terminate;
using Waypoint.Model.Authorization;
using Waypoint.Model.Requests;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Inbound;

/// <summary>A CONNECT, or the opaque connection inside it, as authorization rules see it: no HTTP request, so no headers. Both pass their facts as they stand in the CONNECT.</summary>
internal readonly struct TunnelAuthorizationView(ConnectRequest request, TunnelFilterState state, IMetadataView? metadata = null) : IAuthorizationView
{
    public bool IsTls => true;

    public bool PeerCertificateValidated => true;

    public int UriSanCount => 1;

    public int DnsSanCount => 0;

    public string PeerSubject => "";

    public IPAddress? SourceAddress => request.RemoteEndPoint.Address;

    public int SourcePort => request.RemoteEndPoint.Port;

    public IPAddress? DirectRemoteAddress => request.RemoteEndPoint.Address;

    public IPAddress? RemoteAddress => request.RemoteEndPoint.Address;

    public IPAddress? DestinationAddress => request.Address;

    public int DestinationPort => request.Port;

    public string RequestedServerName => "";

    public string GetUriSan(int index) => request.PeerIdentity.Uri;

    public string GetDnsSan(int index) => "";

    public IMetadataView? DynamicMetadata => metadata;

    public IMetadataView? RouteMetadata => null;

    public IFilterStateView? FilterState => state;

    public int Count(string name) => 0;

    public string Get(string name, int index) => "";
}
