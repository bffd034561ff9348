using System.Buffers;
using System.Text;

namespace Waypoint.Hbone.Hpack;

/// <summary>Decodes the header blocks of one connection, in order. Every block must pass through it, also of refused streams, since blocks change the dynamic table.
/// Not thread-safe.</summary>
internal sealed class HpackDecoder(int maxTableSize)
{
    /// <summary>Table size before any SETTINGS.</summary>
    public const int DefaultTableSize = 4096;

    private readonly HpackDynamicTable _table = new(Math.Min(maxTableSize, DefaultTableSize));
    private int _maxTableSize = maxTableSize;

    /// <summary>The limit that our SETTINGS announce has changed. A table above it shrinks at once, which is what the encoder's obligatory size update would do.</summary>
    public void SetMaxTableSize(int bytes)
    {
        _maxTableSize = bytes;
        if (_table.MaxSize > bytes)
            _table.Resize(bytes);
    }

    /// <summary>Decodes a whole block into <paramref name="target"/>; false is a compression error, after which the connection cannot go on.</summary>
    public bool TryDecode(ReadOnlySpan<byte> block, HeaderList target)
    {
        bool updatesAllowed = true;
        while (!block.IsEmpty)
        {
            byte first = block[0];
            if ((first & 0xe0) == 0x20)
            {
                if (!updatesAllowed || !HpackInteger.TryRead(ref block, 5, out int size) || size > _maxTableSize)
                    return false;
                _table.Resize(size);
                continue;
            }
            updatesAllowed = false;
            bool done = (first & 0x80) != 0 ? TryReadIndexed(ref block, target) : TryReadLiteral(ref block, target, first);
            if (!done)
                return false;
        }
        return true;
    }

    private bool TryReadIndexed(ref ReadOnlySpan<byte> block, HeaderList target)
    {
        if (!HpackInteger.TryRead(ref block, 7, out int index) || !TryGet(index, out HeaderField field))
            return false;
        target.Add(field);
        return true;
    }

    private bool TryReadLiteral(ref ReadOnlySpan<byte> block, HeaderList target, byte first)
    {
        bool indexing = (first & 0xc0) == 0x40;
        if (!HpackInteger.TryRead(ref block, indexing ? 6 : 4, out int nameIndex))
            return false;
        string? name;
        if (nameIndex == 0)
        {
            if (!TryReadString(ref block, out name))
                return false;
        }
        else if (TryGet(nameIndex, out HeaderField named))
        {
            name = named.Name;
        }
        else
        {
            return false;
        }
        if (!TryReadString(ref block, out string? value))
            return false;
        var field = new HeaderField(name!, value!);
        target.Add(field);
        if (indexing)
            _table.Add(field);
        return true;
    }

    private bool TryGet(int index, out HeaderField field)
    {
        field = default;
        if (index == 0)
            return false;
        if (index <= HpackStaticTable.Count)
        {
            field = HpackStaticTable.Get(index);
            return true;
        }
        index -= HpackStaticTable.Count + 1;
        if (index >= _table.Count)
            return false;
        field = _table[index];
        return true;
    }

    private static bool TryReadString(ref ReadOnlySpan<byte> block, out string? text)
    {
        text = null;
        if (block.IsEmpty)
            return false;
        bool huffman = (block[0] & 0x80) != 0;
        if (!HpackInteger.TryRead(ref block, 7, out int length) || length > block.Length)
            return false;
        ReadOnlySpan<byte> bytes = block[..length];
        block = block[length..];
        if (huffman)
            return TryDecodeHuffman(bytes, out text);
        text = Encoding.Latin1.GetString(bytes);
        return true;
    }

    private static bool TryDecodeHuffman(ReadOnlySpan<byte> bytes, out string? text)
    {
        int room = HpackHuffman.MaxDecodedLength(bytes.Length);
        byte[]? rented = null;
        Span<byte> decoded = room <= 512 ? stackalloc byte[512] : (rented = ArrayPool<byte>.Shared.Rent(room));
        try
        {
            int written = HpackHuffman.Decode(bytes, decoded);
            text = written < 0 ? null : Encoding.Latin1.GetString(decoded[..written]);
            return written >= 0;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
