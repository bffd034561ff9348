using System.Net;
using Waypoint.Model.Authorization;
using Waypoint.Model.Requests;

namespace Waypoint.Offline;

/// <summary>A question as authorization rules see it: like a request inside a tunnel, or with <paramref name="isTunnel"/> like the CONNECT and the opaque connection in it.</summary>
internal readonly struct QuestionView(AuthorizationQuestion question, string path, IMetadataView metadata, IMetadataView? routeMetadata, bool isTunnel) : IAuthorizationView
{
    private readonly QuestionFilterState _state = new(question);

    public bool IsTls => isTunnel && question.Principal is not null;

    public bool PeerCertificateValidated => IsTls;

    public int UriSanCount => IsTls ? 1 : 0;

    public int DnsSanCount => 0;

    public string PeerSubject => "";

    public IPAddress? SourceAddress => question.Source;

    public int SourcePort => 0;

    public IPAddress? DirectRemoteAddress => question.Source;

    public IPAddress? RemoteAddress
    {
        get
        {
            int lines = isTunnel ? 0 : Count("x-forwarded-for");
            if (lines == 0)
                return question.Source;
            string last = Get("x-forwarded-for", lines - 1);
            return IPAddress.TryParse(last[(last.LastIndexOf(',') + 1)..].Trim(), out IPAddress? address) ? address : null;
        }
    }

    public IPAddress? DestinationAddress => question.Destination;

    public int DestinationPort => question.Port;

    public string RequestedServerName => "";

    public IMetadataView? DynamicMetadata => metadata;

    public IMetadataView? RouteMetadata => routeMetadata;

    public IFilterStateView? FilterState => _state;

    public string GetUriSan(int index) => question.Principal ?? "";

    public string GetDnsSan(int index) => "";

    public int Count(string name)
    {
        if (isTunnel)
            return 0;
        if (name[0] == ':' || name == "host")
            return Pseudo(name) is null ? 0 : 1;
        int count = 0;
        foreach ((string key, _) in question.Headers)
            count += key == name ? 1 : 0;
        return count;
    }

    public string Get(string name, int index)
    {
        if (name[0] == ':' || name == "host")
            return Pseudo(name) ?? "";
        foreach ((string key, string value) in question.Headers)
        {
            if (key == name && index-- == 0)
                return value;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }


    private string? Pseudo(string name) => name switch
    {
        ":path" => path,
        ":method" => question.Method,
        ":authority" or "host" => question.Host,
        ":scheme" => "http",
        _ => null,
    };

    private sealed class QuestionFilterState(AuthorizationQuestion asked) : IFilterStateView
    {
        public string? GetText(string key) => key == "io.istio.peer_principal" ? asked.Principal : null;

        public IPAddress? GetAddress(string key) => key switch
        {
            "envoy.filters.listener.original_dst.local_ip" => asked.Destination,
            "envoy.filters.listener.original_dst.remote_ip" => asked.Source,
            _ => null,
        };
    }
}
