using System.Buffers;
using System.IO.Pipelines;

namespace Waypoint.Proxy.Inbound;

/// <summary>Waits for the server name of a TLS client without taking its bytes: they go on to the server as they came.</summary>
internal static class ServerNameReader
{
    /// <summary>The name; null if there is none, the bytes are no TLS, or the client was too slow.</summary>
    public static async ValueTask<string?> ReadAsync(PipeReader input, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(linked.Token).ConfigureAwait(false);
                ClientHelloOutcome outcome = Read(read.Buffer, out string? name);
                bool enough = outcome != ClientHelloOutcome.NeedsMore || read.IsCompleted || read.Buffer.Length >= ClientHello.MaxBytes;
                // Seen to the end but not taken; once there is enough, whoever reads next gets it at once.
                input.AdvanceTo(read.Buffer.Start, enough ? read.Buffer.Start : read.Buffer.End);
                if (enough)
                {
                    return name;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static ClientHelloOutcome Read(ReadOnlySequence<byte> buffer, out string? name) =>
        buffer.IsSingleSegment ? ClientHello.Read(buffer.FirstSpan, out name) : ClientHello.Read(buffer.Slice(0, Math.Min(buffer.Length, ClientHello.MaxBytes)).ToArray(), out name);
}
