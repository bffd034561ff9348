using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Load.Clients;

/// <summary>Opens TCP connections, with mutual TLS if there is a folder of certificates.</summary>
internal sealed class ClientConnection
{
    private readonly IPEndPoint _to;
    private readonly SslClientAuthenticationOptions? _tls;

    /// <summary>Reads the certificate of the account <c>client</c>, once for all connections.</summary>
    public ClientConnection(IPEndPoint to, string? certificateFolder)
    {
        _to = to;
        if (certificateFolder is null)
            return;
        var leaf = X509Certificate2.CreateFromPemFile(Path.Combine(certificateFolder, "client.pem"), Path.Combine(certificateFolder, "client.key"));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(Path.Combine(certificateFolder, "ca.pem"));
        _tls = new SslClientAuthenticationOptions
        {
            TargetHost = "proxy.load",
            EnabledSslProtocols = SslProtocols.Tls13,
            ClientCertificateContext = SslStreamCertificateContext.Create(leaf, additionalCertificates: null, offline: true),
            CertificateChainPolicy = trust,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            AllowTlsResume = false,
        };
    }

    /// <summary>A blocking connection: a system call per read and write, no event loop in between.</summary>
    public Stream Open()
    {
        var socket = NewSocket();
        socket.Connect(_to);
        var plain = new NetworkStream(socket, ownsSocket: true);
        if (_tls is null)
            return plain;
        var tls = new SslStream(plain);
        tls.AuthenticateAsClient(_tls);
        return tls;
    }

    /// <summary>A connection for asynchronous use.</summary>
    public async Task<Stream> OpenAsync(CancellationToken stop)
    {
        var socket = NewSocket();
        await socket.ConnectAsync(_to, stop);
        var plain = new NetworkStream(socket, ownsSocket: true);
        if (_tls is null)
            return plain;
        var tls = new SslStream(plain);
        await tls.AuthenticateAsClientAsync(_tls, stop);
        return tls;
    }

    private Socket NewSocket() => new(_to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}
