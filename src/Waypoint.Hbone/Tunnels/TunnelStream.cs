namespace Waypoint.Hbone.Tunnels;

/// <summary>A tunnel as a stream, for SocketsHttpHandler. Disposing after a clean end sends END_STREAM; with bytes unread or the peer still sending it resets with CANCEL.</summary>
public sealed class TunnelStream : Stream
{
    /// <summary>Wraps <paramref name="tunnel"/>; its pipes belong to the stream from now on.</summary>
    public TunnelStream(Tunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Tunnel = tunnel;
    }

    /// <summary>The tunnel.</summary>
    public Tunnel Tunnel { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A tunnel is read asynchronously.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A tunnel is written asynchronously.");
}
