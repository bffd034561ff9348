using System.Net;
using Waypoint.Model.Authorization;
using Waypoint.Model.Requests;

namespace Waypoint.Xds.Tests.Decoding.Authorization;

/// <summary>A request with what decoded policies ask for in these tests.</summary>
internal readonly record struct Request : IAuthorizationView
{
    public string? Path { get; init; }
    public string? Principal { get; init; }
    public int Port { get; init; }
    public IPAddress? Peer { get; init; }
    public bool IsTls => true;
    public bool PeerCertificateValidated => true;
    public int UriSanCount => 0;
    public int DnsSanCount => 0;
    public string PeerSubject => "";
    public IPAddress? SourceAddress => Peer;
    public int SourcePort => 0;
    public IPAddress? DirectRemoteAddress => Peer;
    public IPAddress? RemoteAddress => Peer;
    public IPAddress? DestinationAddress => IPAddress.Loopback;
    public int DestinationPort => Port;
    public string RequestedServerName => "";
    public IMetadataView? DynamicMetadata => null;
    public IMetadataView? RouteMetadata => null;
    public IFilterStateView? FilterState => Principal is null ? null : new State(Principal);

    public string GetUriSan(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public string GetDnsSan(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public int Count(string name) => name == HeaderNames.Path && Path is not null ? 1 : 0;

    public string Get(string name, int index) => Path!;

    private sealed class State(string principal) : IFilterStateView
    {
        public string? GetText(string key) => key == "io.istio.peer_principal" ? principal : null;

        public IPAddress? GetAddress(string key) => null;
    }
}
