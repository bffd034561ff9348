using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Waypoint.Proxy.Upstream;

/// <summary>The bytes by which request trailers travel through the HTTP client: a secret that nobody outside this process can send, the length, and the fields as an HPACK block of literals,
/// which depends on no table and changes none (RFC 7541, 6.2.2).</summary>
internal static class TrailerMark
{
    /// <summary>Bytes before the block.</summary>
    public const int HeaderBytes = SecretBytes + sizeof(int);

    /// <summary>Longer blocks are not sent: Envoy's limit for headers.</summary>
    public const int MaxBlockBytes = 60 * 1024;

    private const int SecretBytes = 24;

    // Occurs once: where a body ends with a piece of the secret, the real one behind it is still found.
    private const byte First = 0xF8;

    // The first bytes occur in no UTF-8 text and in front of no gRPC message: a body's short piece that begins like the secret has to wait for the next one.
    private static readonly byte[] s_secret = [First, 0xFE, .. RandomNumberGenerator.GetBytes(SecretBytes - 2).Select(static b => b == First ? (byte)0 : b)];

    // Trailers must not change what a message is, where it goes or who sent it (RFC 9110, 6.5.1).
    private static readonly FrozenSet<string> Forbidden = new[]
    {
        "authorization", "cache-control", "connection", "content-encoding", "content-length", "content-location", "content-range", "content-type", "cookie", "expect", "forwarded", "host",
        "keep-alive", "max-forwards", "pragma", "proxy-authorization", "proxy-connection", "range", "te", "trailer", "transfer-encoding", "upgrade", "via",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static volatile bool s_isInUse;

    /// <summary>True once there were trailers in this process: only then connections look for marked bytes. It stays true, because nobody can say when the last of them has passed a connection:
    /// a request may be given up with a part of them written, and one that passed unseen would tell the secret.</summary>
    public static bool IsInUse => s_isInUse;

    /// <summary>The secret that marked bytes begin with.</summary>
    public static ReadOnlySpan<byte> Secret => s_secret;

    /// <summary>The length of the block.</summary>
    public static int LengthOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt32BigEndian(header[SecretBytes..]);

    /// <summary>The fields as marked bytes; null if none may be sent.</summary>
    public static byte[]? Encode(IHeaderDictionary trailers)
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write(s_secret);
        bytes.Write(stackalloc byte[sizeof(int)]);
        foreach (KeyValuePair<string, StringValues> field in trailers)
        {
            if (!MayBeTrailer(field.Key))
            {
                continue;
            }

            foreach (string? value in field.Value)
            {
#pragma warning disable CA1308 // HTTP/2 names are in lower case
                WriteField(bytes, field.Key.ToLowerInvariant(), value ?? "");
#pragma warning restore CA1308
            }
        }

        int length = bytes.WrittenCount - HeaderBytes;
        if (length is 0 or > MaxBlockBytes)
        {
            return null;
        }

        byte[] made = bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(made.AsSpan(SecretBytes), length);
        s_isInUse = true;
        return made;
    }

    private static bool MayBeTrailer(string name) =>
        name.Length > 0 && name[0] != ':' && !Forbidden.Contains(name)
        && !name.StartsWith("if-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("x-envoy-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase);

    /// <summary>A literal without indexing, with a new name, without Huffman coding.</summary>
    private static void WriteField(ArrayBufferWriter<byte> bytes, string name, string value)
    {
        bytes.Write([(byte)0]);
        WriteText(bytes, name);
        WriteText(bytes, value);
    }

    private static void WriteText(ArrayBufferWriter<byte> bytes, string text)
    {
        const int Prefix = 0x7F;
        int length = text.Length;
        if (length < Prefix)
        {
            bytes.Write([(byte)length]);
        }
        else
        {
            bytes.Write([(byte)Prefix]);
            for (length -= Prefix; length >= 0x80; length >>= 7)
            {
                bytes.Write([(byte)(0x80 | (length & 0x7F))]);
            }

            bytes.Write([(byte)length]);
        }

        Encoding.Latin1.GetBytes(text, bytes);
    }
}
