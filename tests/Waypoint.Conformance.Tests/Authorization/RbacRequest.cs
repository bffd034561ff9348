using System.Net;
using System.Text.Json;
using Waypoint.Model.Authorization;
using Waypoint.Model.Requests;

namespace Waypoint.Conformance.Tests.Authorization;

/// <summary>The <c>input</c> of a case of the set rbac-evaluation.</summary>
internal readonly struct RbacRequest : IAuthorizationView
{
    private readonly JsonElement _input;
    private readonly JsonElement _tls;
    private readonly List<(string Name, string Value)> _headers;

    public RbacRequest(JsonElement input, string? path)
    {
        _input = input;
        IsTls = input.TryGetProperty("tls", out _tls);
        _headers = [];
        foreach (string pseudo in new[] { "method", "authority", "scheme" })
        {
            if (input.Text(pseudo) is { } value)
                _headers.Add((":" + pseudo, value));
        }

        if (path is not null)
            _headers.Add((HeaderNames.Path, path));
        if (input.Find("headers") is { } headers)
            _headers.AddRange(headers.HeaderPairs().Select(static h => (h.Key, h.Value)));
        DynamicMetadata = new CaseMetadata(input.Find("dynamic_metadata") ?? default);
        RouteMetadata = (input.Find("no_route")?.GetBoolean() ?? false) ? null : new CaseMetadata(input.Find("route_metadata") ?? default);
        FilterState = new CaseFilterState(input.Find("filter_state") ?? default);
    }

    public bool IsTls { get; }

    public bool PeerCertificateValidated => IsTls && (_tls.Find("peer_certificate_validated")?.GetBoolean() ?? false);

    public int UriSanCount => Names("uri_sans").Length;

    public int DnsSanCount => Names("dns_sans").Length;

    public string PeerSubject => IsTls ? _tls.Text("subject") ?? "" : "";

    public IPAddress? SourceAddress => Address("source_ip");

    public int SourcePort => Number("source_port");

    public IPAddress? DirectRemoteAddress => Address("direct_remote_ip");

    public IPAddress? RemoteAddress => Address("remote_ip");

    public IPAddress? DestinationAddress => Address("destination_ip");

    public int DestinationPort => Number("destination_port");

    public string RequestedServerName => _input.Text("sni") ?? "";

    public IMetadataView? DynamicMetadata { get; }

    public IMetadataView? RouteMetadata { get; }

    public IFilterStateView? FilterState { get; }

    public string GetUriSan(int index) => Names("uri_sans")[index];

    public string GetDnsSan(int index) => Names("dns_sans")[index];

    public int Count(string name) => _headers.Count(h => h.Name == name);

    public string Get(string name, int index) => _headers.Where(h => h.Name == name).ElementAt(index).Value;

    private int Number(string name) => (int)(_input.Number(name) ?? 0);

    /// <summary><c>unix:</c> stands for a peer without an IP address.</summary>
    private IPAddress? Address(string name) => _input.Text(name) is { } text && IPAddress.TryParse(text, out IPAddress? address) ? address : null;

    private string[] Names(string name)
        => IsTls && _tls.Find(name) is { } names ? [.. names.EnumerateArray().Select(static n => n.GetString()!)] : [];
}
