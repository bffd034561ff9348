namespace Waypoint.Hbone.Hpack;

/// <summary>The dynamic table of one decoding direction: newest entry first, bounded by <see cref="MaxSize"/> bytes. Not thread-safe.</summary>
internal sealed class HpackDynamicTable(int maxSize)
{
    // A ring, empty until the first insertion: a connection that sees no indexed field pays nothing.
    private HeaderField[] _ring = [];
    private int _newest;
    private int _size;

    public int Count { get; private set; }

    public int MaxSize { get; private set; } = maxSize;

    /// <summary>The entry at <paramref name="index"/>; 0 is the newest.</summary>
    public HeaderField this[int index] => _ring[(_newest - index + _ring.Length) % _ring.Length];

    public void Resize(int maxSize)
    {
        MaxSize = maxSize;
        EvictTo(maxSize);
    }

    public void Add(HeaderField field)
    {
        int size = field.Size;
        if (size > MaxSize)
        {
            EvictTo(0);
            return;
        }
        EvictTo(MaxSize - size);
        if (Count == _ring.Length)
            Grow();
        _newest = (_newest + 1) % _ring.Length;
        _ring[_newest] = field;
        Count++;
        _size += size;
    }

    private void EvictTo(int size)
    {
        while (_size > size)
        {
            int oldest = (_newest - Count + 1 + _ring.Length) % _ring.Length;
            _size -= _ring[oldest].Size;
            _ring[oldest] = default;
            Count--;
        }
    }

    private void Grow()
    {
        var larger = new HeaderField[Math.Max(8, _ring.Length * 2)];
        for (int i = 0; i < Count; i++)
            larger[Count - 1 - i] = this[i];
        _ring = larger;
        _newest = Count == 0 ? larger.Length - 1 : Count - 1;
    }
}
