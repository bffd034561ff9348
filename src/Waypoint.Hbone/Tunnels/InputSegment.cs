using System.Buffers;

namespace Waypoint.Hbone.Tunnels;

/// <summary>A pooled piece of a tunnel's unread bytes.</summary>
internal sealed class InputSegment : ReadOnlySequenceSegment<byte>
{
    private byte[]? _array;

    /// <summary>Bytes written so far.</summary>
    public int End { get; private set; }

    public int Room => _array!.Length - End;

    /// <summary>The following segment; named apart because the base hides its setter.</summary>
    public InputSegment? Following
    {
        get => (InputSegment?)Next;
        set => Next = value;
    }

    /// <summary>Takes an array for at least <paramref name="bytes"/>.</summary>
    public void Rent(int bytes, long runningIndex)
    {
        _array = ArrayPool<byte>.Shared.Rent(bytes);
        End = 0;
        Memory = default;
        RunningIndex = runningIndex;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_array.AsSpan(End));
        End += bytes.Length;
        Memory = new ReadOnlyMemory<byte>(_array, 0, End);
    }

    /// <summary>Gives the array back.</summary>
    public void Free()
    {
        ArrayPool<byte>.Shared.Return(_array!);
        _array = null;
        Memory = default;
        Next = null;
    }
}
