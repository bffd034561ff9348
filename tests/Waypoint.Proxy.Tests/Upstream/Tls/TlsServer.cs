using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Proxy.Tests.Upstream.Tls;

/// <summary>A TLS server on a real socket that serves one connection and tells what the client showed.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TlsServer(X509Certificate2 certificate, SslProtocols protocols = SslProtocols.None)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Seen = ServeAsync(certificate, protocols);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Server name, subject of the client's certificate, agreed application protocol.</summary>
    public Task<(string Name, string? Client, string Protocol)> Seen { get; }

    public void Dispose() => _listener.Dispose();

    private async Task<(string Name, string? Client, string Protocol)> ServeAsync(X509Certificate2 certificate, SslProtocols protocols)
    {
        using Socket socket = await _listener.AcceptAsync();
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        string name = "";
        await stream.AuthenticateAsServerAsync(
            (_, hello, _, _) =>
            {
                name = hello.ServerName;
                return ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateRequired = true,
                    EnabledSslProtocols = protocols,
#pragma warning disable CA5359 // Whom it lets in is not the subject; the test looks at what was shown.
                    RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                });
            },
            null,
            CancellationToken.None);
        // TLS 1.3 ends for the server before the client has judged its certificate; a byte from the client shows that it was content.
        byte[] one = new byte[1];
        if (await stream.ReadAsync(one) == 0)
            throw new IOException("the client left");
        return (name, stream.RemoteCertificate?.Subject, stream.NegotiatedApplicationProtocol.ToString());
    }
}
