using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Tls;

namespace Waypoint.Hbone.Originate;

/// <summary>Opens HBONE connections: TCP, then TLS with the check of who answers.</summary>
internal sealed class HboneConnector(TunnelPoolOptions options, TlsIdentitySource identities, IHboneDialer dialer, TimeProvider time, ILogger logger)
{
    private static readonly IPEndPoint Unknown = new(IPAddress.None, 0);

    /// <summary>Connects within <paramref name="timeout"/>; a connection for many passes no token, because none of those who wait may end it for the others. Throws <see cref="TunnelConnectException"/>.</summary>
    public async Task<ClientConnection> ConnectAsync(TunnelTarget target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!identities.TryGet(out TlsIdentity? own))
            throw new TunnelConnectException(TunnelConnectFailure.NoIdentity, "There is no workload certificate yet.");
        using var timer = new CancellationTokenSource(timeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        Stream transport = await DialAsync(target, deadline.Token).ConfigureAwait(false);
        var verifier = new PeerVerifier(own, target.Expected, time);
        var stream = new SslStream(transport);
        try
        {
            await MutualTls.ConnectAsync(stream, own, verifier, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw Classify(exception, target.HboneAddress, verifier);
        }
        (transport as TransportStream)?.MarkEstablished();
        IPEndPoint local = (transport as NetworkStream)?.Socket.LocalEndPoint as IPEndPoint ?? Unknown;
        return new ClientConnection(new Transport(stream, transport, time), new ConnectionPeer(verifier.Peer!, own.Id, target.HboneAddress, local), options, logger);
    }

    private async Task<Stream> DialAsync(TunnelTarget target, CancellationToken cancellationToken)
    {
        IPEndPoint address = target.HboneAddress;
        try
        {
            ValueTask<Stream> dial;
            bool atOnce;
            using (await SocketWorkers.WaitForTurnAsync(target.Worker, cancellationToken).ConfigureAwait(false))
            {
                dial = dialer.DialAsync(address, cancellationToken);
                atOnce = dial.IsCompleted;
            }
            Stream transport = await dial.ConfigureAwait(false);
            if (atOnce)
            {
                // A connection on loopback stands without a wait: the socket falls to somebody when the handshake first reads.
                // Not cancelled, because nobody would close it then; the handshake sees the deadline.
                (await SocketWorkers.WaitForTurnAsync(target.Worker, CancellationToken.None).ConfigureAwait(false))?.Dispose();
            }
            return transport;
        }
        catch (OperationCanceledException exception)
        {
            throw new TunnelConnectException(TunnelConnectFailure.Timeout, $"Connecting to {address} took too long; a network policy may block the port.", exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException and not TunnelConnectException)
        {
            throw new TunnelConnectException(TunnelConnectFailure.Refused, $"Connecting to {address} failed: {exception.Message}", exception);
        }
    }

    private TunnelConnectException Classify(Exception exception, IPEndPoint address, PeerVerifier verifier)
    {
        if (exception is OperationCanceledException)
            return new TunnelConnectException(TunnelConnectFailure.Timeout, $"The TLS handshake with {address} took too long.", exception);
        if (verifier.IsUnexpectedIdentity)
        {
            TunnelPoolLog.PeerRefused(logger, address, verifier.Problem);
            return new TunnelConnectException(TunnelConnectFailure.IdentityMismatch, $"The TLS peer at {address} is not the expected one: {verifier.Problem}.", exception);
        }
        string reason = exception is AuthenticationException && exception.InnerException is null && verifier.Peer is null ? verifier.Problem : exception.InnerException?.Message ?? exception.Message;
        return new TunnelConnectException(TunnelConnectFailure.Tls, $"The TLS handshake with {address} failed: {reason}", exception);
    }
}
