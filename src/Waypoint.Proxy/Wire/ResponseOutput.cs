using System.Buffers;
using System.IO.Pipelines;

namespace Waypoint.Proxy.Wire;

/// <summary>Stands between the inner HTTP/1 server and a tunnel for what the server has no words for: interim responses of an upstream in front of the response, and the version of an
/// HTTP/1.0 client in its status line. Once the response has begun everything passes untouched. The server's calls come one after the other, interim responses from any thread.</summary>
internal sealed class ResponseOutput(PipeWriter inner) : PipeWriter
{
    /// <summary>Further interim responses to one request are dropped.</summary>
    private const int MaxInterims = 100;

    /// <summary>Further bytes of them too.</summary>
    private const int MaxInterimBytes = 64 * 1024;

    /// <summary>Room for a status line, so that it is not cut.</summary>
    private const int MinHeadBytes = 256;

    private readonly Lock _gate = new();

    // Interim responses that came while the server or an earlier one was being written.
    private readonly ArrayBufferWriter<byte> _waiting = new();

    // The server's bytes while an interim response waits for room in the tunnel.
    private readonly ArrayBufferWriter<byte> _side = new();
    private Memory<byte> _memory;
    private Task? _interimFlush;
    private int _request;
    private int _interims;
    private int _interimBytes;
    private bool _isHttp10;
    private bool _onSide;
    private bool _serverWrites;
    private bool _serverFlushes;
    private volatile bool _begun = true;
    private volatile bool _passes = true;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes + _side.WrittenCount;

    /// <summary>A request has come, and nothing of its response.</summary>
    /// <param name="isHttp10">The client is to see HTTP/1.0, which has no interim responses.</param>
    /// <returns>The number by which its interim responses are told from late ones of the requests before.</returns>
    public int Begin(bool isHttp10)
    {
        lock (_gate)
        {
            (_isHttp10, _begun, _passes, _serverWrites) = (isHttp10, false, false, false);
            (_interims, _interimBytes) = (0, 0);
            _waiting.ResetWrittenCount();
            return ++_request;
        }
    }

    /// <summary>Sends an interim response, unless it is too late for it.</summary>
    /// <param name="request">What <see cref="Begin"/> returned.</param>
    /// <param name="head">The head with its blank line.</param>
    public void WriteInterim(int request, ReadOnlySpan<byte> head)
    {
        lock (_gate)
        {
            if (request != _request || _begun || _isHttp10 || _interims == MaxInterims || _interimBytes + head.Length > MaxInterimBytes)
            {
                return;
            }

            _interims++;
            _interimBytes += head.Length;
            _waiting.Write(head);
            SendWaiting_Locked();
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_passes)
        {
            return inner.GetMemory(sizeHint);
        }

        lock (_gate)
        {
            _serverWrites = true;
            sizeHint = Math.Max(sizeHint, MinHeadBytes);
            _onSide = _interimFlush is not null || _side.WrittenCount > 0;
            return _memory = _onSide ? _side.GetMemory(sizeHint) : inner.GetMemory(sizeHint);
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => _passes ? inner.GetSpan(sizeHint) : GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_passes)
        {
            inner.Advance(bytes);
            return;
        }

        // Without the lock: since GetMemory nothing else is written.
        if (!_begun && bytes > 0)
        {
            Look(_memory.Span[..bytes]);
        }

        if (_onSide)
        {
            _side.Advance(bytes);
            return;
        }

        inner.Advance(bytes);
        _passes = _begun;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _passes ? inner.FlushAsync(cancellationToken) : FlushHeadAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        _passes ? inner.WriteAsync(source, cancellationToken) : base.WriteAsync(source, cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            _begun = true;
            inner.Complete(exception);
        }
    }

    /// <summary>The server's own 100 is no beginning; everything else is.</summary>
    private void Look(Span<byte> bytes)
    {
        if (bytes.StartsWith("HTTP/1.1 100 "u8))
        {
            return;
        }

        _begun = true;
        if (_isHttp10 && bytes.StartsWith("HTTP/1.1 "u8))
        {
            bytes["HTTP/1.".Length] = (byte)'0';
        }
    }

    private async ValueTask<FlushResult> FlushHeadAsync(CancellationToken cancellationToken)
    {
        ValueTask<FlushResult> flush;
        while (true)
        {
            Task? pending;
            lock (_gate)
            {
                pending = _interimFlush;
                if (pending is null)
                {
                    Move(_side);
                    _serverWrites = false;
                    _serverFlushes = true;
                    _passes = _begun;
                    flush = inner.FlushAsync(cancellationToken);
                    break;
                }
            }

            await pending.ConfigureAwait(false);
        }

        try
        {
            return await flush.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _serverFlushes = false;
                SendWaiting_Locked();
            }
        }
    }

    private void SendWaiting_Locked()
    {
        if (_waiting.WrittenCount == 0 || _serverWrites || _serverFlushes || _interimFlush is not null || _begun)
        {
            return;
        }

        try
        {
            Move(_waiting);
            ValueTask<FlushResult> flush = inner.FlushAsync();
            if (!flush.IsCompletedSuccessfully)
            {
                _interimFlush = FinishInterimAsync(flush.AsTask());
            }
        }
        catch (InvalidOperationException)
        {
            // The server has completed the connection.
        }
    }

    private async Task FinishInterimAsync(Task<FlushResult> flush)
    {
        await ((Task)flush).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            _interimFlush = null;
            SendWaiting_Locked();
        }
    }

    private void Move(ArrayBufferWriter<byte> source)
    {
        if (source.WrittenCount > 0)
        {
            inner.Write(source.WrittenSpan);
            source.ResetWrittenCount();
        }
    }
}
