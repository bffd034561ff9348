using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>A TLS server that presents any certificate, also ones that our own listener would refuse to start with.</summary>
internal sealed class TlsServerRig : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _loop;

    public TlsServerRig(TestCa.Issued certificate, Func<SslStream, Task>? serve = null)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
        _loop = AcceptLoopAsync(SslStreamCertificateContext.Create(certificate.ToCertificate(), null, offline: true), serve);
    }

    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _loop.WaitAsync(FramePeer.Timeout);
    }

    private async Task AcceptLoopAsync(SslStreamCertificateContext certificate, Func<SslStream, Task>? serve)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _socket.AcceptAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
            using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
#pragma warning disable CA5359 // This end is the test's; what the other one verifies is the subject.
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
            };
            try
            {
                await stream.AuthenticateAsServerAsync(options);
                if (serve is not null)
                    await serve(stream);
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException)
            {
                // The client has left.
            }
        }
    }
}
