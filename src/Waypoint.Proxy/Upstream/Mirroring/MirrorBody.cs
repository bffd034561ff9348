using System.Buffers;
using System.IO.Pipelines;

namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>The copy of one request body on its way to one mirror. The main request writes and never waits; <see cref="CopyToAsync"/> takes it from there at the mirror's
/// pace. A mirror that lags too far behind loses its copy, because the alternative is to slow the main request down or to keep its whole body.</summary>
internal sealed class MirrorBody(MirrorBudget budget, int maxBytes)
{
    private readonly Lock _gate = new();
    // No threshold of the pipe's own: it would make the writer wait.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private long _buffered;
    private bool _ended;
    private int _readerTaken;

    /// <summary>True once the copy was given up because the mirror was too slow.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Takes a piece of the body; ignored once the copy has ended.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_ended || bytes.IsEmpty)
            {
                return;
            }

            if (_buffered + bytes.Length > maxBytes || !budget.TryBuffer(bytes.Length))
            {
                Overflowed = true;
                End(new MirrorBodyException("the mirror takes the body more slowly than the main request"));
                return;
            }

            _buffered += bytes.Length;
            _pipe.Writer.Write(bytes);
            ValueTask<FlushResult> flush = _pipe.Writer.FlushAsync();
            if (flush.IsCompletedSuccessfully && flush.Result.IsCompleted)
            {
                End(null);
            }
        }
    }

    /// <summary>The body is whole.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            End(null);
        }
    }

    /// <summary>There will be no more of a body that is not whole.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            End(new MirrorBodyException("the main request ended before its body"));
        }
    }

    /// <summary>Sends the body as it comes, piece by piece. Once only: what was sent is gone. Throws if the copy is given up.</summary>
    public async Task CopyToAsync(Stream target, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _readerTaken, 1) != 0)
        {
            throw new MirrorBodyException("the copy of a body can be sent once");
        }

        PipeReader reader = _pipe.Reader;
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(cancellation).ConfigureAwait(false);
                if (result.IsCanceled)
                {
                    throw new MirrorBodyException("the mirror has been given up");
                }

                foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                {
                    await target.WriteAsync(piece, cancellation).ConfigureAwait(false);
                }

                long taken = result.Buffer.Length;
                reader.AdvanceTo(result.Buffer.End);
                GiveBack(taken);
                if (result.IsCompleted)
                {
                    return;
                }

                // A stream's messages must arrive when they are sent, not when a buffer is full.
                await target.FlushAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            CloseReader();
        }
    }

    /// <summary>The exchange with the mirror is over, whatever of the body is left.</summary>
    public void Stop()
    {
        Abort();
        if (Interlocked.Exchange(ref _readerTaken, 1) == 0)
        {
            CloseReader();
        }
        else
        {
            // Whoever reads may be using the memory at this moment, so only it may close the reader.
            _pipe.Reader.CancelPendingRead();
        }
    }

    private void GiveBack(long bytes)
    {
        lock (_gate)
        {
            _buffered -= bytes;
            budget.Return(bytes);
        }
    }

    private void CloseReader()
    {
        lock (_gate)
        {
            End(null);
            _pipe.Reader.Complete();
            budget.Return(_buffered);
            _buffered = 0;
        }
    }

    private void End(Exception? reason)
    {
        if (!_ended)
        {
            _ended = true;
            _pipe.Writer.Complete(reason);
        }
    }
}
