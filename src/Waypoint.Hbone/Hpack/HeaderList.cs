namespace Waypoint.Hbone.Hpack;

/// <summary>The fields of one header block. Reused from block to block by its connection. Fields beyond the size limit are counted, not kept.</summary>
internal sealed class HeaderList(int maxBytes)
{
    // Blocks with more fields keep no array of that length behind them.
    private const int KeptCapacity = 16;

    private readonly List<HeaderField> _fields = new(KeptCapacity);
    private int _size;

    public int Count => _fields.Count;

    /// <summary>The list was larger than allowed; its fields are incomplete.</summary>
    public bool IsTooLarge => _size > maxBytes;

    public HeaderField this[int index] => _fields[index];

    public void Add(HeaderField field)
    {
        // Saturates: a block of references to one large table entry could overflow it.
        _size = _size > maxBytes ? _size : _size + field.Size;
        if (_size <= maxBytes)
            _fields.Add(field);
    }

    public void Clear()
    {
        _size = 0;
        _fields.Clear();
        if (_fields.Capacity > KeptCapacity)
            _fields.Capacity = KeptCapacity;
    }

    public HeaderField[] ToArray() => [.. _fields];
}
