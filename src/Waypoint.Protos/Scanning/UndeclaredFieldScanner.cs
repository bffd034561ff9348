using System.Buffers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Waypoint.Protos.Scanning;

/// <summary>
/// Finds what a message carries and this assembly does not declare: the parser keeps such pieces silently, and a rule that
/// nobody sees is a rule that nobody enforces. Walks the bytes against the descriptors, into every declared Any and TypedStruct.
/// Never throws on bad input; allocates for what it finds and for TypedStructs, which have names instead of numbers. Thread-safe.
/// </summary>
public static class UndeclaredFieldScanner
{
    /// <summary>Messages inside messages, below the scanned one. The protobuf parser refuses what is deeper, but counts anew in every Any.</summary>
    public const int MaxDepth = 100;

    /// <summary>Findings that a report lists; beyond, <see cref="ScanReport.IsTruncated"/> is set.</summary>
    public const int MaxFindings = 100;

    /// <summary>Scans the bytes of a message of a declared type. Throws <see cref="ArgumentException"/> if the type is not declared.</summary>
    /// <param name="message">The bytes, untrusted.</param>
    /// <param name="type">Full name, see <see cref="ProtoName"/>.</param>
    public static ScanReport Scan(ReadOnlySpan<byte> message, string type) => Scan(message, MessageShape.Of(type));

    private static ScanReport Scan(ReadOnlySpan<byte> message, MessageShape shape)
    {
        var walk = new Walk(message);
        walk.Enter(shape);
        return walk.ToReport();
    }

    /// <summary>Scans what an Any holds, such as the resource in a discovery response. An undeclared type is the only finding then.</summary>
    public static ScanReport Scan(Any any)
    {
        ArgumentNullException.ThrowIfNull(any);
        if (MessageShape.TryFindByUrl(Encoding.UTF8.GetBytes(any.TypeUrl), out MessageShape? shape)) return Scan(any.Value.Span, shape);
        return new ScanReport([new UndeclaredContent(UndeclaredKind.TypeUrl, "", "google.protobuf.Any", 1, any.TypeUrl, true)], truncated: false);
    }

    /// <summary>
    /// Scans a parsed message, which has kept its unknown fields, by writing it out again. For a part whose own bytes are no
    /// longer at hand; where they are, the other overloads are cheaper.
    /// </summary>
    public static ScanReport Scan(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        int size = message.CalculateSize();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            Span<byte> bytes = buffer.AsSpan(0, size);
            message.WriteTo(bytes);
            return Scan(bytes, ProtoName.Of(message));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
