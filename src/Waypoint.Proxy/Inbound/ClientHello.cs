using System.Buffers.Binary;
using System.Text;

namespace Waypoint.Proxy.Inbound;

/// <summary>Reads the server name out of the first bytes of a TLS client (RFC 8446, 4.1.2; RFC 6066, 3). Pure; bytes of a peer, so that anything may stand there.</summary>
internal static class ClientHello
{
    /// <summary>No client needs more: the largest that is seen carries a key share of 1.2 KiB.</summary>
    public const int MaxBytes = 16 * 1024;

    private const byte HandshakeRecord = 22;
    private const byte ClientHelloMessage = 1;
    private const ushort ServerNameExtension = 0;
    private const int RecordHeader = 5;
    private const int RandomBytes = 32;

    /// <summary>What <paramref name="bytes"/>, the beginning of a connection, say; <paramref name="name"/> is set for <see cref="ClientHelloOutcome.Found"/> only.</summary>
    public static ClientHelloOutcome Read(ReadOnlySpan<byte> bytes, out string? name)
    {
        name = null;
        // A hello may lie in several records; they are put together without their headers.
        byte[] message = new byte[Math.Min(bytes.Length, MaxBytes)];
        int length = 0;
        while (bytes.Length >= RecordHeader)
        {
            int size = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
            if (bytes[0] != HandshakeRecord || bytes[1] != 3 || size == 0)
            {
                return ClientHelloOutcome.NotTls;
            }

            ReadOnlySpan<byte> content = bytes[RecordHeader..];
            content = content[..Math.Min(size, Math.Min(content.Length, message.Length - length))];
            content.CopyTo(message.AsSpan(length));
            length += content.Length;
            if (content.Length < size)
            {
                break;
            }

            bytes = bytes[(RecordHeader + size)..];
        }

        if (length == 0)
        {
            return bytes.Length > 0 && bytes[0] != HandshakeRecord ? ClientHelloOutcome.NotTls : ClientHelloOutcome.NeedsMore;
        }

        return Message(message.AsSpan(0, length), out name);
    }

    private static ClientHelloOutcome Message(ReadOnlySpan<byte> message, out string? name)
    {
        name = null;
        if (message[0] != ClientHelloMessage)
        {
            return ClientHelloOutcome.NotTls;
        }

        if (message.Length < 4)
        {
            return ClientHelloOutcome.NeedsMore;
        }

        int size = (message[1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        if (size > MaxBytes)
        {
            return ClientHelloOutcome.NotTls;
        }

        if (message.Length < 4 + size)
        {
            return ClientHelloOutcome.NeedsMore;
        }

        ReadOnlySpan<byte> rest = message.Slice(4, size);
        // legacy_version, random, session id, cipher suites, compression methods.
        if (!Skip(ref rest, 2 + RandomBytes) || !SkipVector(ref rest, 1) || !SkipVector(ref rest, 2) || !SkipVector(ref rest, 1))
        {
            return ClientHelloOutcome.NotTls;
        }

        return rest.IsEmpty ? ClientHelloOutcome.NoName : Extensions(rest, out name);
    }

    private static ClientHelloOutcome Extensions(ReadOnlySpan<byte> rest, out string? name)
    {
        name = null;
        if (!TakeVector(ref rest, 2, out ReadOnlySpan<byte> extensions))
        {
            return ClientHelloOutcome.NotTls;
        }

        while (!extensions.IsEmpty)
        {
            if (extensions.Length < 4)
            {
                return ClientHelloOutcome.NotTls;
            }

            ushort type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[2..];
            if (!TakeVector(ref extensions, 2, out ReadOnlySpan<byte> content))
            {
                return ClientHelloOutcome.NotTls;
            }

            if (type == ServerNameExtension)
            {
                // A list, of which only host names are defined, and one of those.
                if (!TakeVector(ref content, 2, out ReadOnlySpan<byte> list) || list.Length < 1 || list[0] != 0)
                {
                    return ClientHelloOutcome.NotTls;
                }

                list = list[1..];
                if (!TakeVector(ref list, 2, out ReadOnlySpan<byte> host) || host.IsEmpty || !Ascii.IsValid(host))
                {
                    return ClientHelloOutcome.NotTls;
                }

                name = Encoding.ASCII.GetString(host);
                return ClientHelloOutcome.Found;
            }
        }

        return ClientHelloOutcome.NoName;
    }

    private static bool Skip(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (bytes.Length < count)
        {
            return false;
        }

        bytes = bytes[count..];
        return true;
    }

    private static bool SkipVector(ref ReadOnlySpan<byte> bytes, int lengthBytes) => TakeVector(ref bytes, lengthBytes, out _);

    private static bool TakeVector(ref ReadOnlySpan<byte> bytes, int lengthBytes, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (bytes.Length < lengthBytes)
        {
            return false;
        }

        int length = lengthBytes == 1 ? bytes[0] : BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (bytes.Length < lengthBytes + length)
        {
            return false;
        }

        content = bytes.Slice(lengthBytes, length);
        bytes = bytes[(lengthBytes + length)..];
        return true;
    }
}
