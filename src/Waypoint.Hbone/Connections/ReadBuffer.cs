using System.Buffers;

namespace Waypoint.Hbone.Connections;

/// <summary>Bytes read from a transport and not yet handled. Holds memory only between <see cref="Prepare"/> and <see cref="Release"/>. Only the read loop touches it.</summary>
internal struct ReadBuffer
{
    private const int DefaultBytes = 32 << 10;

    private byte[]? _array;
    private int _start;
    private int _end;

    public readonly bool IsEmpty => _start == _end;

    public readonly ReadOnlySpan<byte> Bytes => _array.AsSpan(_start, _end - _start);

    /// <summary>Room to read into, after the bytes that are there.</summary>
    /// <param name="neededBytes">How many bytes must fit in all, old and new.</param>
    public Memory<byte> Prepare(int neededBytes)
    {
        if (IsEmpty)
            _start = _end = 0;
        int length = _end - _start;
        int needed = Math.Max(DefaultBytes, neededBytes);
        if (_array is null || _array.Length < needed)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(needed);
            Bytes.CopyTo(larger);
            Release();
            _array = larger;
            _end = length;
        }
        else if (_start + needed > _array.Length)
        {
            Bytes.CopyTo(_array);
            _start = 0;
            _end = length;
        }
        return _array.AsMemory(_end);
    }

    /// <summary>So many bytes were read into the room.</summary>
    public void Add(int bytes) => _end += bytes;

    /// <summary>So many bytes are done with.</summary>
    public void Consume(int bytes) => _start += bytes;

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        if (_array is not null)
            ArrayPool<byte>.Shared.Return(_array);
        _array = null;
        _start = _end = 0;
    }
}
