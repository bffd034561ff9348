using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Demo;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tls;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.EndToEnd.Tests;

/// <summary>The destination's ztunnel with a pod that answers every request head with the same bytes and allocates nothing for it, so that what a request costs is the waypoint's.</summary>
internal sealed class CannedDestination : IConnectHandler, IAsyncDisposable
{
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\ndate: Sun, 29 Nov 2026 03:20:00 GMT\r\n\r\nhello"u8.ToArray();

    private readonly HboneListener _listener;

    public CannedDestination(TlsIdentitySource identity)
    {
        var options = new HboneListenerOptions { EndPoints = [new IPEndPoint(IPAddress.Loopback, DemoMesh.DestinationPort)] };
        _listener = new HboneListener(options, identity, this, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public void Start() => _listener.Start();

    public ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        _ = ServeAsync(request.Accept());
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private static async Task ServeAsync(Tunnel tunnel)
    {
        while (true)
        {
            ReadResult read = await tunnel.Input.ReadAsync().ConfigureAwait(false);
            SequencePosition consumed = read.Buffer.Start;
            while (TryTakeHead(read.Buffer.Slice(consumed), out SequencePosition end))
            {
                consumed = end;
                tunnel.Output.Write(Answer);
            }

            tunnel.Input.AdvanceTo(consumed, read.Buffer.End);
            await tunnel.Output.FlushAsync().ConfigureAwait(false);
            if (read.IsCompleted)
            {
                await tunnel.Output.CompleteAsync().ConfigureAwait(false);
                await tunnel.Input.CompleteAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    private static bool TryTakeHead(in ReadOnlySequence<byte> bytes, out SequencePosition end)
    {
        var reader = new SequenceReader<byte>(bytes);
        bool found = reader.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8);
        end = reader.Position;
        return found;
    }
}
