using System.Buffers;

namespace Waypoint.Hbone.Frames;

/// <summary>Collects a header block that spans several frames. Holds memory only in between.</summary>
internal sealed class HeaderBlock(int maxBytes)
{
    // With any sensible frame size a block needs one CONTINUATION per 16 KiB.
    private const int MaxFrames = 8;

    private byte[]? _buffer;
    private int _length;
    private int _frames;

    /// <summary>Stream whose block is open; 0 when none is.</summary>
    public int StreamId { get; private set; }

    public bool EndStream { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public void Begin(int streamId, bool endStream)
    {
        StreamId = streamId;
        EndStream = endStream;
        _frames = 0;
    }

    /// <summary>Adds a fragment; false when the block is larger or in more pieces than any honest one.</summary>
    public bool TryAdd(ReadOnlySpan<byte> fragment)
    {
        if (_length + fragment.Length > maxBytes || ++_frames > MaxFrames)
            return false;
        if (_buffer is null || _buffer.Length < _length + fragment.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_length + fragment.Length);
            Bytes.CopyTo(larger);
            ReturnBuffer();
            _buffer = larger;
        }
        fragment.CopyTo(_buffer.AsSpan(_length));
        _length += fragment.Length;
        return true;
    }

    public void End()
    {
        ReturnBuffer();
        _length = 0;
        StreamId = 0;
    }

    private void ReturnBuffer()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
