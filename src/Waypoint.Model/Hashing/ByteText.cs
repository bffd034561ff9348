using System.Buffers;
using System.Text;

namespace Waypoint.Model.Hashing;

/// <summary>The bytes behind a text of one byte per character; short ones on the caller's stack, long ones in a rented array until disposed.</summary>
internal ref struct ByteText
{
    /// <summary>How many bytes a caller should offer.</summary>
    public const int OnStack = 256;

    private byte[]? _rented;

    public ByteText(ReadOnlySpan<char> text, Span<byte> stack)
    {
        Span<byte> bytes = text.Length <= stack.Length ? stack : _rented = ArrayPool<byte>.Shared.Rent(text.Length);
        Span = bytes[..Encoding.Latin1.GetBytes(text, bytes)];
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span { get; }

    /// <summary>Gives a rented array back.</summary>
    public void Dispose()
    {
        if (_rented is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
        _rented = null;
    }
}
