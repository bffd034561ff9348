using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Hbone.Tls;

namespace Waypoint.Proxy.Upstream.Tls;

/// <summary>What the configuration of an upstream's TLS leads to at the moment of a handshake. Immutable.</summary>
/// <param name="Own">Our certificate with its chain; null: none is shown.</param>
/// <param name="CheckChain">False: every certificate is accepted.</param>
/// <param name="Roots">Trusted roots; null, with <paramref name="CheckChain"/>: the system's.</param>
/// <param name="RevocationLists">Revocation lists; null: revocation is not checked.</param>
internal sealed record TlsMaterial(
    SslStreamCertificateContext? Own, bool CheckChain, X509Certificate2Collection? Roots, IReadOnlyList<CertificateRevocationList>? RevocationLists);
