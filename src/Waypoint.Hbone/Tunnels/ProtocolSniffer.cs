using System.Buffers;
using System.IO.Pipelines;

namespace Waypoint.Hbone.Tunnels;

/// <summary>Tells the protocol of a tunnel by its first bytes, without consuming them.</summary>
public static class ProtocolSniffer
{
    // Longest request line that is looked at, as Envoy's inspector does not look for ever either.
    private const int MaxBytes = 8192;
    private const byte TlsHandshake = 0x16;

    // "PRI * HTTP/2": no request of HTTP/1 begins so.
    private const int EnoughOfPreface = 12;

    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"u8);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Waits for enough bytes or <paramref name="timeout"/>; too few bytes by then count as <see cref="SniffedProtocol.Opaque"/>.</summary>
    /// <param name="input">The tunnel's bytes; nothing is consumed, and what was seen is offered again to the next reader.</param>
    /// <param name="timeout">How long a server-first protocol is kept waiting.</param>
    /// <param name="time">Clock of the timeout.</param>
    /// <param name="cancellationToken">Shutdown.</param>
    public static ValueTask<SniffedProtocol> DetectAsync(PipeReader input, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(time);
        // The common case: the first bytes have come with the CONNECT's answer already on its way, and tell all.
        if (input.TryRead(out ReadResult result))
        {
            SniffedProtocol? protocol = Decide(result);
            if (protocol is { } known)
            {
                input.AdvanceTo(result.Buffer.Start);
                return new ValueTask<SniffedProtocol>(known);
            }
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
        return WaitAsync(input, timeout, time, cancellationToken);
    }

    /// <summary>Tells the version of a tunnel that is known to carry HTTP, as soon as its bytes differ from HTTP/2's preface or have shown enough of it. Nothing is consumed.</summary>
    /// <param name="input">The tunnel's bytes.</param>
    /// <param name="cancellationToken">Shutdown.</param>
    /// <returns><see cref="SniffedProtocol.Http2"/>, or <see cref="SniffedProtocol.Http1"/> for everything else: also for what is no HTTP, whose answer the HTTP server gives.</returns>
    public static ValueTask<SniffedProtocol> DetectHttpAsync(PipeReader input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.TryRead(out ReadResult result))
        {
            if (DecideHttp(result.Buffer, result.IsCompleted) is { } known)
            {
                input.AdvanceTo(result.Buffer.Start);
                return new ValueTask<SniffedProtocol>(known);
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        return WaitForHttpAsync(input, cancellationToken);
    }

    /// <summary>The version by the first bytes; null while they are the beginning of HTTP/2's preface.</summary>
    public static SniffedProtocol? DecideHttp(in ReadOnlySequence<byte> bytes, bool isComplete)
    {
        if (bytes.IsEmpty && !isComplete)
            return null;
        Span<byte> start = stackalloc byte[EnoughOfPreface];
        int count = (int)Math.Min(start.Length, bytes.Length);
        bytes.Slice(0, count).CopyTo(start);
        if (!Preface.StartsWith(start[..count]))
            return SniffedProtocol.Http1;
        return count == EnoughOfPreface ? SniffedProtocol.Http2 : isComplete ? SniffedProtocol.Http1 : null;
    }

    private static async ValueTask<SniffedProtocol> WaitForHttpAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (TunnelResetException)
            {
                return SniffedProtocol.Closed;
            }

            SniffedProtocol? protocol = DecideHttp(result.Buffer, result.IsCompleted);
            input.AdvanceTo(result.Buffer.Start, protocol is null ? result.Buffer.End : result.Buffer.Start);
            if (protocol is { } known)
                return known;
        }
    }

    /// <summary>What the bytes are, or null while more could tell.</summary>
    internal static SniffedProtocol? Decide(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
            return null;
        ReadOnlySequence<byte> head = bytes.Length > MaxBytes ? bytes.Slice(0, MaxBytes) : bytes;
        if (head.IsSingleSegment)
            return Decide(head.FirstSpan);
        byte[] copy = ArrayPool<byte>.Shared.Rent((int)head.Length);
        head.CopyTo(copy);
        SniffedProtocol? protocol = Decide(copy.AsSpan(0, (int)head.Length));
        ArrayPool<byte>.Shared.Return(copy);
        return protocol;
    }

    private static async ValueTask<SniffedProtocol> WaitAsync(PipeReader input, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using ITimer timer = time.CreateTimer(static state => ((PipeReader)state!).CancelPendingRead(), input, timeout, Timeout.InfiniteTimeSpan);
        while (true)
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (TunnelResetException)
            {
                return SniffedProtocol.Closed;
            }
            SniffedProtocol? protocol = result.IsCanceled ? SniffedProtocol.Opaque : Decide(result);
            if (protocol is null)
            {
                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }
            input.AdvanceTo(result.Buffer.Start);
            return protocol.Value;
        }
    }

    private static SniffedProtocol? Decide(in ReadResult result)
    {
        SniffedProtocol? protocol = Decide(result.Buffer);
        if (protocol is not null || !result.IsCompleted)
            return protocol;
        return result.Buffer.IsEmpty ? SniffedProtocol.Closed : SniffedProtocol.Opaque;
    }

    private static SniffedProtocol? Decide(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == TlsHandshake)
            return bytes.Length < 2 ? null : bytes[1] == 3 ? SniffedProtocol.Tls : SniffedProtocol.Opaque;
        int common = Math.Min(bytes.Length, Preface.Length);
        if (bytes[..common].SequenceEqual(Preface[..common]))
            return common == Preface.Length ? SniffedProtocol.Http2 : null;
        return DecideHttp1(bytes);
    }

    // token SP target SP HTTP/1. : the version alone sets a request line apart from a text protocol whose lines begin with a word.
    private static SniffedProtocol? DecideHttp1(ReadOnlySpan<byte> bytes)
    {
        int methodEnd = bytes.IndexOfAnyExcept(TokenBytes);
        if (methodEnd < 0)
            return bytes.Length < MaxBytes ? null : SniffedProtocol.Opaque;
        if (methodEnd == 0 || bytes[methodEnd] != ' ')
            return SniffedProtocol.Opaque;
        ReadOnlySpan<byte> rest = bytes[(methodEnd + 1)..];
        int targetEnd = rest.IndexOfAny((byte)' ', (byte)'\r', (byte)'\n');
        if (targetEnd < 0)
            return bytes.Length < MaxBytes ? null : SniffedProtocol.Opaque;
        if (targetEnd == 0 || rest[targetEnd] != ' ')
            return SniffedProtocol.Opaque;
        ReadOnlySpan<byte> version = rest[(targetEnd + 1)..];
        int common = Math.Min(version.Length, 7);
        if (!version[..common].SequenceEqual("HTTP/1."u8[..common]))
            return SniffedProtocol.Opaque;
        return common == 7 ? SniffedProtocol.Http1 : null;
    }
}
