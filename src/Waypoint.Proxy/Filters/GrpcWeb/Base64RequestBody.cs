using System.Buffers;
using System.Buffers.Text;

namespace Waypoint.Proxy.Filters.GrpcWeb;

/// <summary>A request body that came in base64. Padding may stand wherever a message ends, so groups of four characters are decoded each for itself.</summary>
internal sealed class Base64RequestBody(Stream inner) : Stream
{
    private const int GroupCharacters = 4;
    private const int GroupBytes = 3;
    private const int BufferBytes = 16 * 1024;

    private readonly byte[] _text = new byte[BufferBytes];
    private int _start;
    private int _end;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Throws <see cref="InvalidDataException"/> on what is no base64.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (buffer.Length < GroupBytes)
        {
            throw new NotSupportedException("Reads have to be of three bytes at least.");
        }

        while (_end - _start < GroupCharacters && !_ended)
        {
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        int decoded = 0;
        while (_end - _start >= GroupCharacters && buffer.Length - decoded >= GroupBytes)
        {
            decoded += DecodeGroup(buffer.Span[decoded..]);
        }

        return decoded == 0 && _end > _start && _ended ? throw new InvalidDataException("The body ends within a group of base64.") : decoded;
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

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _text.AsSpan(_start, _end - _start).CopyTo(_text);
        _end -= _start;
        _start = 0;
        int read = await inner.ReadAsync(_text.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        _ended = read == 0;
    }

    private int DecodeGroup(Span<byte> target)
    {
        OperationStatus status = Base64.DecodeFromUtf8(_text.AsSpan(_start, GroupCharacters), target, out _, out int written);
        if (status != OperationStatus.Done)
        {
            throw new InvalidDataException("The body is no base64.");
        }

        _start += GroupCharacters;
        return written;
    }
}
