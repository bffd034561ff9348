using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Grpc.Client;

/// <summary>
/// TLS of a channel. The delegates are asked for every new connection, so a rotated root or client certificate is used from
/// the next connection on, and connections that exist are left alone.
/// </summary>
public sealed record GrpcTlsOptions
{
    /// <summary>Name that the server's certificate must carry, and SNI; need not be the name that is dialled.</summary>
    public required string ServerName { get; init; }

    /// <summary>Roots to trust; null: those of the operating system. An empty collection trusts nothing.</summary>
    public Func<X509Certificate2Collection>? Roots { get; init; }

    /// <summary>Certificate with its chain to present; null, or a null result: none.</summary>
    public Func<SslStreamCertificateContext?>? ClientCertificate { get; init; }

    /// <summary>Default: TLS 1.2 and 1.3.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;
}
