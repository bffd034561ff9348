using System.Net;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Authorization;

/// <summary>Everything an authorization rule may ask about a request or a connection. Implemented by a small readonly struct and passed as a type parameter, so
/// that evaluating a policy neither boxes nor allocates. On a TCP chain no header exists: <see cref="IHeaderView.Count"/> is 0 for every name.
/// The header <c>:path</c> is the normalized path with its query; rules that look at the path alone cut it themselves.</summary>
public interface IAuthorizationView : IHeaderView
{
    /// <summary>True when the peer speaks TLS to us (HBONE: always). What follows from the certificate is asked only then.</summary>
    bool IsTls { get; }

    /// <summary>True when the peer's certificate was validated against our roots.</summary>
    bool PeerCertificateValidated { get; }

    /// <summary>How many URI names the peer's certificate bears; 0 without TLS.</summary>
    int UriSanCount { get; }

    /// <summary>How many DNS names the peer's certificate bears; 0 without TLS.</summary>
    int DnsSanCount { get; }

    /// <summary>Subject of the peer's certificate as Envoy prints it; empty if it has none.</summary>
    string PeerSubject { get; }

    /// <summary>Address of the connection's peer: the HBONE peer, which is the client pod. Null if the peer has no IP address.</summary>
    IPAddress? SourceAddress { get; }

    /// <summary>Port of the connection's peer; 0 if unknown.</summary>
    int SourcePort { get; }

    /// <summary>The peer whatever <c>x-forwarded-for</c> says; here the same as <see cref="SourceAddress"/>. Null if the peer has no IP address.</summary>
    IPAddress? DirectRemoteAddress { get; }

    /// <summary>The peer after evaluation of <c>x-forwarded-for</c> (its last entry, if the header exists). Null if that is no IP address.</summary>
    IPAddress? RemoteAddress { get; }

    /// <summary>Where the client connected to: the address of the service (or pod) in the CONNECT authority. Null if it has no IP address.</summary>
    IPAddress? DestinationAddress { get; }

    /// <summary>Port of the CONNECT authority: the service port on a service address.</summary>
    int DestinationPort { get; }

    /// <summary>Server name of the client's TLS inside the tunnel (SNI); empty if there is none.</summary>
    string RequestedServerName { get; }

    /// <summary>What filters wrote for this request; null if nothing did.</summary>
    IMetadataView? DynamicMetadata { get; }

    /// <summary>Metadata of the chosen route, possibly empty; null while there is no route.</summary>
    IMetadataView? RouteMetadata { get; }

    /// <summary>The filter state: <c>io.istio.peer_principal</c> is how Istio asks for the client. Principals in it come from the TLS identity, never from a header.</summary>
    IFilterStateView? FilterState { get; }

    /// <summary>URI name <paramref name="index"/> of the peer's certificate (0 based, below <see cref="UriSanCount"/>).</summary>
    string GetUriSan(int index);

    /// <summary>DNS name <paramref name="index"/> of the peer's certificate (0 based, below <see cref="DnsSanCount"/>).</summary>
    string GetDnsSan(int index);
}
