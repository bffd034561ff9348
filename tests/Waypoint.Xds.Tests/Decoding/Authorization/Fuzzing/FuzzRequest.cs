using System.Net;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Authorization;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Xds.Decoding.Matching;

namespace Waypoint.Xds.Tests.Decoding.Authorization.Fuzzing;

/// <summary>A random request, as the evaluator sees it and as the slow reference reads it.</summary>
internal sealed class FuzzRequest : IFilterStateView, IMetadataView
{
    public const string PrincipalKey = "io.istio.peer_principal";
    public const string MetadataFilter = "envoy.filters.http.jwt_authn";

    private readonly MetadataValue _metadata;

    public FuzzRequest(Struct metadata)
    {
        MetadataMessage = metadata;
        _metadata = MetadataMatcherDecoder.ToModel(metadata);
    }

    public required IReadOnlyList<(string Name, string Value)> Lines { get; init; }

    public string? Principal { get; init; }

    public IPAddress? SourceAddress { get; init; }

    public IPAddress? RemoteAddress { get; init; }

    public IPAddress DestinationAddress { get; init; } = IPAddress.Loopback;

    public int DestinationPort { get; init; }

    public string RequestedServerName { get; init; } = "";

    public Struct MetadataMessage { get; }

    public override string ToString() =>
        $"{string.Join(' ', Lines.Select(static l => $"{l.Name}={l.Value}"))} principal={Principal} source={SourceAddress} remote={RemoteAddress} to={DestinationAddress}:{DestinationPort} sni={RequestedServerName} claims={MetadataMessage}";

    public string? GetText(string key) => key == PrincipalKey ? Principal : null;

    public IPAddress? GetAddress(string key) => null;

    public MetadataValue? Get(string filter) => filter == MetadataFilter ? _metadata : null;

    /// <summary>The view that the evaluator gets.</summary>
    public readonly struct View(FuzzRequest request) : IAuthorizationView
    {
        public bool IsTls => request.Principal is not null;

        public bool PeerCertificateValidated => IsTls;

        public int UriSanCount => IsTls ? 1 : 0;

        public int DnsSanCount => 0;

        public string PeerSubject => "";

        public IPAddress? SourceAddress => request.SourceAddress;

        public int SourcePort => 40000;

        public IPAddress? DirectRemoteAddress => request.SourceAddress;

        public IPAddress? RemoteAddress => request.RemoteAddress;

        public IPAddress? DestinationAddress => request.DestinationAddress;

        public int DestinationPort => request.DestinationPort;

        public string RequestedServerName => request.RequestedServerName;

        public IMetadataView? DynamicMetadata => request;

        public IMetadataView? RouteMetadata => null;

        public IFilterStateView? FilterState => request;

        public string GetUriSan(int index) => request.Principal!;

        public string GetDnsSan(int index) => throw new ArgumentOutOfRangeException(nameof(index));

        public int Count(string name)
        {
            int count = 0;
            foreach ((string line, _) in request.Lines)
                count += line == name ? 1 : 0;
            return count;
        }

        public string Get(string name, int index)
        {
            foreach ((string line, string value) in request.Lines)
            {
                if (line == name && index-- == 0)
                    return value;
            }

            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }
}
