using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Grpc.Server;

/// <summary>TLS of a server. The delegates are asked at every handshake.</summary>
public sealed record GrpcServerTlsOptions
{
    /// <summary>Certificate with its chain.</summary>
    public required Func<SslStreamCertificateContext> Certificate { get; init; }

    /// <summary>Roots of client certificates; null: none is asked for.</summary>
    public Func<X509Certificate2Collection>? ClientRoots { get; init; }

    /// <summary>Whether a client without a certificate is refused; needs <see cref="ClientRoots"/>. Default false.</summary>
    public bool RequireClientCertificate { get; init; }
}
