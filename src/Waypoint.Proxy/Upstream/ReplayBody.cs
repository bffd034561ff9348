using System.Buffers;

namespace Waypoint.Proxy.Upstream;

/// <summary>A request body that can be sent again: what was read is kept up to a bound, and read again from its start by the next try.
/// Beyond the bound, or once the answer is on its way to the client, nothing is kept and no further try is possible.</summary>
/// <param name="source">The body as it comes from the client.</param>
/// <param name="maxBytes">What is kept at most; 0 keeps nothing of a body that is not empty.</param>
/// <param name="ended">Called once, when the client has sent everything.</param>
/// <param name="moved">Called whenever bytes have come.</param>
internal sealed class ReplayBody(Stream source, int maxBytes, Action? ended = null, Action? moved = null) : Stream
{
    private byte[] _kept = [];
    private int _keptBytes;
    private int _position;
    private bool _keeping = true;
    private bool _ended;

    /// <summary>False when bytes are gone that a further try would need.</summary>
    public bool CanReplay => _keeping;

    /// <summary>True when the client has sent everything.</summary>
    public bool HasEnded => _ended;

    /// <summary>Bytes of the body seen so far.</summary>
    public long TotalBytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The next try reads from the start.</summary>
    public void Rewind() => _position = 0;

    /// <summary>No further try will come: the kept bytes go back to the pool as soon as they have been read.</summary>
    public void StopKeeping()
    {
        _keeping = false;
        if (_position >= _keptBytes)
        {
            ReturnBuffer();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position < _keptBytes)
        {
            int count = Math.Min(buffer.Length, _keptBytes - _position);
            _kept.AsMemory(_position, count).CopyTo(buffer);
            _position += count;
            if (!_keeping && _position >= _keptBytes)
            {
                ReturnBuffer();
            }

            return count;
        }

        int read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        TotalBytes += read;
        moved?.Invoke();
        if (read == 0 && !buffer.IsEmpty && !_ended)
        {
            _ended = true;
            ended?.Invoke();
        }

        if (_keeping && read > 0)
        {
            Keep(buffer.Span[..read]);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Request bodies are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        ReturnBuffer();
        base.Dispose(disposing);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_keptBytes + bytes.Length > maxBytes)
        {
            _keeping = false;
            ReturnBuffer();
            return;
        }

        if (_keptBytes + bytes.Length > _kept.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_keptBytes + bytes.Length, _kept.Length * 2));
            _kept.AsSpan(0, _keptBytes).CopyTo(larger);
            ReturnArray();
            _kept = larger;
        }

        bytes.CopyTo(_kept.AsSpan(_keptBytes));
        _keptBytes += bytes.Length;
        _position = _keptBytes;
    }

    private void ReturnBuffer()
    {
        ReturnArray();
        _kept = [];
        _keptBytes = 0;
        _position = 0;
    }

    private void ReturnArray()
    {
        if (_kept.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_kept);
        }
    }
}
