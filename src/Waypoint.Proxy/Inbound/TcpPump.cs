using System.Buffers;
using System.IO.Pipelines;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Inbound;

/// <summary>Copies bytes both ways. The directions are independent: an end of data on one is passed on as a half-close while the other goes on; an error on either cuts both.</summary>
internal static class TcpPump
{
    /// <summary>Runs until both directions have ended, an error, the idle timeout or the maximal duration.</summary>
    public static async Task RunAsync(Tunnel downstream, TcpUpstream upstream, TcpProxyConfig config, TcpSession session, TimeProvider time, CancellationToken cancellationToken)
    {
        using var watch = new TcpSessionWatch(config, session, time, () =>
        {
            downstream.Abort(TunnelReset.Cancel);
            upstream.Abort();
        });
        using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static state => ((TcpSessionWatch)state!).Cut("shutdown"), watch);
        Task up = CopyAsync(downstream.Input, upstream.Output, session, fromClient: true, watch, upstream.CompleteOutputAsync);
        Task down = CopyAsync(upstream.Input, downstream.Output, session, fromClient: false, watch, () => downstream.Output.CompleteAsync());
        await Task.WhenAll(up, down).ConfigureAwait(false);
        await downstream.Input.CompleteAsync().ConfigureAwait(false);
        await upstream.Input.CompleteAsync().ConfigureAwait(false);
    }

    private static async Task CopyAsync(PipeReader source, PipeWriter target, TcpSession session, bool fromClient, TcpSessionWatch watch, Func<ValueTask> complete)
    {
        try
        {
            while (true)
            {
                ReadResult read = await source.ReadAsync().ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = read.Buffer;
                FlushResult flushed = default;
                foreach (ReadOnlyMemory<byte> segment in buffer)
                {
                    target.Write(segment.Span);
                }

                if (!buffer.IsEmpty)
                {
                    flushed = await target.FlushAsync().ConfigureAwait(false);
                    session.Count(fromClient, buffer.Length);
                }

                source.AdvanceTo(buffer.End);
                if (read.IsCanceled || flushed.IsCompleted)
                {
                    // Nobody reads there any more.
                    watch.Cut("peer_gone");
                    return;
                }

                if (read.IsCompleted)
                {
                    await complete().ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            // A reset on one side must not look like an end of data on the other.
            watch.Cut(fromClient ? "downstream_reset" : "upstream_reset");
        }
    }
}
