using System.Net;
using Waypoint.Model.Authorization;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Authorization;

/// <summary>A request as a test describes it; every member has a harmless default.</summary>
internal readonly struct TestRequest() : IAuthorizationView
{
    public HeaderLines Headers { get; init; } = new();
    public string? Path { get; init; }
    public string? Principal { get; init; }
    public bool IsTls { get; init; }
    public bool PeerCertificateValidated { get; init; }
    public string[] UriSans { get; init; } = [];
    public string[] DnsSans { get; init; } = [];
    public string PeerSubject { get; init; } = "";
    public IPAddress? SourceAddress { get; init; }
    public int SourcePort { get; init; }
    public IPAddress? DirectRemoteAddress { get; init; }
    public IPAddress? RemoteAddress { get; init; }
    public IPAddress? DestinationAddress { get; init; } = IPAddress.Parse("10.96.0.1");
    public int DestinationPort { get; init; } = 80;
    public string RequestedServerName { get; init; } = "";
    public IMetadataView? DynamicMetadata { get; init; }
    public IMetadataView? RouteMetadata { get; init; }
    public int UriSanCount => UriSans.Length;
    public int DnsSanCount => DnsSans.Length;
    public IFilterStateView? FilterState => Principal is null ? null : new PeerPrincipal(Principal);

    public string GetUriSan(int index) => UriSans[index];

    public string GetDnsSan(int index) => DnsSans[index];

    public int Count(string name) => name == HeaderNames.Path ? Path is null ? 0 : 1 : Headers.Count(name);

    public string Get(string name, int index) => name == HeaderNames.Path ? Path! : Headers.Get(name, index);
}
