using System.Net.Security;
using System.Security.Authentication;

namespace Waypoint.Hbone.Tls;

/// <summary>The TLS handshakes of HBONE: TLS 1.3, both certificates, ALPN h2, no name check, no SNI, no resumption.</summary>
internal static class MutualTls
{
    private static readonly List<SslApplicationProtocol> H2 = [SslApplicationProtocol.Http2];

    // What a ztunnel offers. AES-128 first: it costs less, and the peer's order decides where it has one.
    private static readonly CipherSuitesPolicy? Suites = OperatingSystem.IsLinux()
        ? new CipherSuitesPolicy([TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384])
        : null;

    /// <summary>Accepts a client. Throws <see cref="AuthenticationException"/> or <see cref="IOException"/>; the stream is then the caller's to dispose of.</summary>
    public static async Task AcceptAsync(SslStream stream, TlsIdentity own, PeerVerifier verifier, CancellationToken cancellationToken)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = own.Context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = H2,
            CipherSuitesPolicy = Suites,
            CertificateChainPolicy = PeerVerifier.NoRoots(),
            RemoteCertificateValidationCallback = verifier.Verify,
            AllowRenegotiation = false,
            AllowTlsResume = false,
        };
        await stream.AuthenticateAsServerAsync(options, cancellationToken).ConfigureAwait(false);
        RequireH2(stream);
    }

    /// <summary>Connects to a server. Throws <see cref="AuthenticationException"/> or <see cref="IOException"/>; the stream is then the caller's to dispose of.</summary>
    public static async Task ConnectAsync(SslStream stream, TlsIdentity own, PeerVerifier verifier, CancellationToken cancellationToken)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "",
            ClientCertificateContext = own.Context,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = H2,
            CipherSuitesPolicy = Suites,
            CertificateChainPolicy = PeerVerifier.NoRoots(),
            RemoteCertificateValidationCallback = verifier.Verify,
            AllowRenegotiation = false,
            AllowTlsResume = false,
        };
        await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        RequireH2(stream);
    }

    private static void RequireH2(SslStream stream)
    {
        if (stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            throw new AuthenticationException("the peer did not agree on ALPN h2");
    }
}
