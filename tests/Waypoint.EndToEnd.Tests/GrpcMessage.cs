using System.Buffers.Binary;

namespace Waypoint.EndToEnd.Tests;

/// <summary>gRPC's framing: a flag, four bytes of length, the message.</summary>
internal static class GrpcMessage
{
    private const int PrefixBytes = 5;

    /// <summary>The next message; null at the end.</summary>
    internal static async Task<byte[]?> ReadAsync(Stream stream)
    {
        byte[] prefix = new byte[PrefixBytes];
        if (await stream.ReadAtLeastAsync(prefix, PrefixBytes, throwOnEndOfStream: false) < PrefixBytes)
            return null;
        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await stream.ReadExactlyAsync(message);
        return message;
    }

    /// <summary>Writes a message and sends it.</summary>
    internal static async Task WriteAsync(Stream stream, byte[] message)
    {
        byte[] framed = new byte[PrefixBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, PrefixBytes);
        await stream.WriteAsync(framed);
        await stream.FlushAsync();
    }
}
