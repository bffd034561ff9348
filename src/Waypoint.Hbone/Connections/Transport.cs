using System.Net.Security;
using System.Net.Sockets;

namespace Waypoint.Hbone.Connections;

/// <summary>The byte stream of one connection, TLS or plain, and its end. OpenSSL's state is not safe for a shutdown beside a read: whoever wants the connection closed ends the
/// reading, and the read loop, once it has returned, does the rest.</summary>
/// <param name="stream">What is read and written.</param>
/// <param name="lower">What lies under TLS; the same as <paramref name="stream"/> without TLS.</param>
/// <param name="time">Clock of the close.</param>
internal sealed class Transport(Stream stream, Stream lower, TimeProvider time)
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    public Stream Stream => stream;

    /// <summary>The number of the worker (<see cref="SocketWorkers"/>) that serves the socket.</summary>
    public int Worker { get; } = (lower as TransportStream)?.Worker ?? 0;

    /// <summary>Makes the pending read return; any thread, any number of times.</summary>
    public void EndReading()
    {
        if (lower is not NetworkStream network)
        {
            lower.Dispose();
            return;
        }
        try
        {
            network.Socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    /// <summary>Waits until the output is written, then ends the reading. For a thread that is not the read loop. Never faulted.</summary>
    public async Task EndReadingAfterAsync(OutputBuffer output)
    {
        if (await IsWrittenAsync(output).ConfigureAwait(false))
            EndReading();
        else
            await lower.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes: close_notify, FIN, then the socket. Only when nothing reads any more. Never faulted.</summary>
    /// <param name="output">What is still to be written; takes nothing afterwards.</param>
    /// <param name="drain">The peer may still be sending. Closing a socket with unread bytes makes TCP throw away what is on its way to the peer, such as our GOAWAY.</param>
    public async Task CloseAsync(OutputBuffer output, bool drain)
    {
        bool written = await IsWrittenAsync(output).ConfigureAwait(false);
        output.Close();
        if (written && output.WriteLoop.IsCompleted)
            await SayGoodbyeAsync(drain).ConfigureAwait(false);
        await lower.DisposeAsync().ConfigureAwait(false);
        await output.WriteLoop.ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<bool> IsWrittenAsync(OutputBuffer output)
    {
        try
        {
            await output.WriteLoop.WaitAsync(CloseTimeout, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task SayGoodbyeAsync(bool drain)
    {
        try
        {
            if (stream is SslStream tls)
                await tls.ShutdownAsync().WaitAsync(CloseTimeout, time).ConfigureAwait(false);
            if (!drain || lower is not NetworkStream network)
                return;
            network.Socket.Shutdown(SocketShutdown.Send);
            await DiscardAsync(network).WaitAsync(CloseTimeout, time).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException or SocketException or ObjectDisposedException or InvalidOperationException or NotSupportedException)
        {
            // The peer is gone or does not read; closing the socket is what remains.
        }
    }

    private static async Task DiscardAsync(NetworkStream network)
    {
        byte[] discarded = new byte[4096];
        while (await network.ReadAsync(discarded).ConfigureAwait(false) > 0)
        {
        }
    }
}
