using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Waypoint.Grpc.Framing;

/// <summary>The five bytes before a message (flag, big-endian length) and the message behind them.</summary>
internal static class MessageFrame
{
    public const int PrefixLength = 5;

    /// <summary>Serialises straight into the output's own blocks: the message is never whole in one array of its own.</summary>
    public static void Write(IMessage message, IBufferWriter<byte> output)
    {
        var length = message.CalculateSize();
        var prefix = output.GetSpan(PrefixLength);
        prefix[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)length);
        output.Advance(PrefixLength);
        message.WriteTo(output);
    }

    /// <summary>Reads the prefix once it has arrived.</summary>
    /// <param name="buffer">At least <see cref="PrefixLength"/> bytes.</param>
    /// <param name="maxLength">Largest accepted message, in bytes.</param>
    /// <returns>Length of the message.</returns>
    /// <exception cref="GrpcException">Compressed (identity is all that was offered) or too long; checked before any of it is buffered.</exception>
    public static int ReadPrefix(ReadOnlySequence<byte> buffer, int maxLength)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        if (prefix[0] != 0)
            throw new GrpcException(GrpcStatusCode.Unimplemented, prefix[0] == 1 ? "message is compressed; only identity is accepted" : $"invalid message flag {prefix[0]}");
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > (uint)maxLength)
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"received message larger than max ({length} vs. {maxLength})");
        return (int)length;
    }
}
