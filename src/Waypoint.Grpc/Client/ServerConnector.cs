using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Grpc.Client;

/// <summary>
/// Dials and does the TLS handshake itself, because the handler captures certificate options once and overwrites the expected
/// name by that of the URI: here roots, client certificate and name are those of the moment.
/// </summary>
internal static class ServerConnector
{
    public static async ValueTask<Stream> ConnectAsync(GrpcChannelOptions options, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return await DialAsync(options, linked.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{options.Address}: no connection within {options.ConnectTimeout.TotalSeconds:0.###} s");
        }
    }

    private static async ValueTask<Stream> DialAsync(GrpcChannelOptions options, CancellationToken cancellation)
    {
        var socket = options.Address is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Address, cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        var network = new NetworkStream(socket, ownsSocket: true);
        if (options.Tls is null)
            return network;
        var secured = new SslStream(network);
        try
        {
            await secured.AuthenticateAsClientAsync(Authentication(options.Tls), cancellation);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Authentication(GrpcTlsOptions tls)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (tls.Roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(tls.Roots());
            // Fetching missing intermediates from addresses in a peer's certificate would reach out to wherever it says.
            policy.DisableCertificateDownloads = true;
        }
        return new SslClientAuthenticationOptions
        {
            TargetHost = tls.ServerName,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = tls.Protocols,
            CertificateChainPolicy = policy,
            ClientCertificateContext = tls.ClientCertificate?.Invoke(),
        };
    }
}
