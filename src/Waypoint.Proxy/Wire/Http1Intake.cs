using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Wire;

/// <summary>Stands between a tunnel and the inner HTTP/1 server and lets only bytes through that both understand alike: request heads are checked and, where their form is unusual, written anew;
/// bodies are followed to their end, so that the next head is found where everybody finds it. A message that is refused reaches the server as a placeholder with <see cref="Fault"/> set,
/// so that it is answered and logged where all requests are. Clean bytes are not copied. One reader; the timer may run beside it.</summary>
internal sealed class Http1Intake : PipeReader, IDisposable
{
    /// <summary>A head may take so long where the configuration does not say.</summary>
    private static readonly TimeSpan DefaultHeadTimeout = TimeSpan.FromSeconds(60);

    private static readonly byte[] Placeholder = "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly PipeReader _source;
    private readonly Func<HttpConnectionConfig?> _config;
    private readonly TimeProvider _time;
    private readonly RequestHeadScan _heads = new();
    private readonly RequestBodyScan _body = new();
    private ReadOnlySequence<byte> _exposed;
    private byte[] _own = [];
    private int _ownAt;
    private long _checked;
    private bool _examinedAll;
    private bool _exposedOwn;
    private bool _ended;
    private bool _payload;
    private bool _payloadOpen;
    private bool _sourceAdvanced;
    private TimeSpan? _idleLimit;
    private ITimer? _timer;
    private bool _headTimerRuns;
    private volatile bool _timedOut;

    /// <summary>Reads <paramref name="source"/>.</summary>
    /// <param name="source">The tunnel's bytes.</param>
    /// <param name="config">The newest settings of the tunnel's chain; asked for each head. Null: the defaults.</param>
    /// <param name="time">Clock of the timeouts.</param>
    public Http1Intake(PipeReader source, Func<HttpConnectionConfig?> config, TimeProvider time) => (_source, _config, _time) = (source, config, time);

    /// <summary>Why the message is refused; no later one is read. Null as long as all is well.</summary>
    public WireFault? Fault { get; private set; }

    /// <summary>The target of the current request where the server saw another one.</summary>
    public string? Target { get; private set; }

    /// <summary>The host of the current request where the server saw none.</summary>
    public string? Host { get; private set; }

    /// <summary>True if the current request's head is of the common form: no other protocol is asked for, and nothing about the connection.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>True if a body follows the current request's head.</summary>
    public bool HasBody { get; private set; }

    /// <summary>False if the current request surely has no header whose name begins with <c>x-envoy-</c>.</summary>
    public bool MayHaveEnvoyHeaders { get; private set; } = true;

    /// <summary>True if the current request asks for another protocol (upgrade or CONNECT). Unless it gets one the connection must end: what follows is no HTTP.</summary>
    public bool IsPayload => _payload;

    /// <summary>True when the server has been given the current request to its end.</summary>
    public bool IsBodyRead => _body.IsDone;

    /// <summary>The other protocol was agreed on: its bytes pass unseen.</summary>
    public void OpenPayload() => _payloadOpen = true;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryServe(out ReadResult ready))
        {
            return new(ready);
        }

        ValueTask<ReadResult> pending = _source.ReadAsync(cancellationToken);
        while (pending.IsCompletedSuccessfully)
        {
            if (TryTake(pending.Result, out ready))
            {
                return new(ready);
            }

            pending = _source.ReadAsync(cancellationToken);
        }

        return WaitAsync(pending, cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (TryServe(out result))
        {
            return true;
        }

        while (_source.TryRead(out ReadResult read))
        {
            if (TryTake(read, out result))
            {
                return true;
            }
        }

        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_exposed.IsEmpty)
        {
            return;
        }

        long bytes = _exposed.Slice(0, consumed).Length;
        _examinedAll = _exposed.Slice(examined).IsEmpty;
        if (_exposedOwn)
        {
            _ownAt += (int)bytes;
        }
        else
        {
            _checked -= bytes;
            _source.AdvanceTo(consumed, examined);
        }

        _exposed = default;
    }

    public override void CancelPendingRead() => _source.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        Dispose();
        _source.Complete(exception);
    }

    public void Dispose() => _timer?.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> pending, CancellationToken cancellationToken)
    {
        while (true)
        {
            StartTimer();
            ReadResult read;
            try
            {
                read = await pending.ConfigureAwait(false);
            }
            catch (OperationCanceledException stopped) when (cancellationToken.IsCancellationRequested)
            {
                // The one exception after which the inner server can read the body again: the next try needs it, or the server itself, to see where the next request begins.
                throw new ConnectionAbortedException("The read was cancelled.", stopped);
            }

            if (TryTake(read, out ReadResult ready))
            {
                return ready;
            }

            pending = _source.ReadAsync(cancellationToken);
        }
    }

    /// <summary>Serves bytes of our own, or the end.</summary>
    private bool TryServe(out ReadResult ready)
    {
        if (_ownAt < _own.Length)
        {
            _exposed = new ReadOnlySequence<byte>(_own, _ownAt, _own.Length - _ownAt);
            _exposedOwn = true;
            ready = new ReadResult(_exposed, isCanceled: false, isCompleted: false);
            return true;
        }

        ready = new ReadResult(default, isCanceled: false, isCompleted: true);
        return _ended || (_payload && !_payloadOpen && _checked == 0);
    }

    /// <summary>Takes what the tunnel has: false if it lets nothing through yet.</summary>
    private bool TryTake(ReadResult read, out ReadResult ready)
    {
        _sourceAdvanced = false;
        if (read.IsCanceled && TryCancel(read, out ready))
        {
            return true;
        }

        ReadOnlySequence<byte> bytes = read.Buffer;
        if (_payload && _payloadOpen)
        {
            _checked = bytes.Length;
            return Expose(bytes, read.IsCompleted, out ready);
        }

        long before = _checked;
        if (_body.IsDone)
        {
            if (_checked == 0 && !_payload && !bytes.IsEmpty)
            {
                TakeHead(bytes);
            }
        }
        else
        {
            TakeBody(bytes);
        }

        if (_ownAt < _own.Length)
        {
            return TryServe(out ready);
        }

        // Nothing new for a reader that has seen everything would only make it ask again.
        if (_checked > 0 && (_checked > before || !_examinedAll))
        {
            return Expose(bytes.Slice(0, _checked), isCompleted: false, out ready);
        }

        return Starve(read, out ready);
    }

    private bool Expose(in ReadOnlySequence<byte> bytes, bool isCompleted, out ReadResult ready)
    {
        (_exposed, _exposedOwn) = (bytes, false);
        if (bytes.IsEmpty)
        {
            AdvanceSource(bytes.Start, bytes.End);
            _ended = isCompleted;
        }

        ready = new ReadResult(bytes, isCanceled: false, isCompleted);
        return !bytes.IsEmpty || isCompleted;
    }

    /// <summary>There is nothing to let through: wait for more, or end.</summary>
    private bool Starve(ReadResult read, out ReadResult ready)
    {
        ready = new ReadResult(default, isCanceled: false, isCompleted: true);
        if (!_sourceAdvanced)
        {
            AdvanceSource(read.Buffer.Start, read.Buffer.End);
        }

        if (!read.IsCompleted)
        {
            return false;
        }

        _ended = true;
        if (!_body.IsDone)
        {
            Fault = WireFault.EndOfInput;
            throw new WireFaultException(Fault);
        }

        return true;
    }

    private void TakeHead(in ReadOnlySequence<byte> bytes)
    {
        HttpConnectionConfig? config = _config();
        _idleLimit = IdleLimitOf(config);
        Http1Config http1 = config?.Http1 ?? Http1Config.Default;
        if (!_heads.HasBegun)
        {
            int length = CleanRequestHead.TryRecognize(bytes.FirstSpan, http1, out BodyFraming framing);
            if (length > 0)
            {
                Begin(framing, null);
                IsPlain = true;
                MayHaveEnvoyHeaders = EnvoyHeaders.MayOccur(bytes.FirstSpan[..length]);
                _checked = length;
                return;
            }
        }

        if (!_heads.TryComplete(bytes, http1, out long headLength, out BodyFraming? clean, out RequestHead? head, out WireFault? fault))
        {
            if (_heads.TookAll)
            {
                AdvanceSource(bytes.End, bytes.End);
            }

            return;
        }

        if (fault is not null)
        {
            AdvanceSource(bytes.Start, bytes.End);
            Refuse(fault);
        }
        else if (clean is { } asItIs)
        {
            Begin(asItIs, null);
            _checked = headLength;
        }
        else
        {
            AdvanceSource(bytes.GetPosition(headLength), bytes.GetPosition(headLength));
            (_own, _ownAt) = (head!.Bytes, 0);
            Begin(head.Framing, head);
        }
    }

    private void AdvanceSource(SequencePosition consumed, SequencePosition examined)
    {
        _sourceAdvanced = true;
        _source.AdvanceTo(consumed, examined);
    }

    private void Begin(BodyFraming framing, RequestHead? head)
    {
        (Target, Host, _payload) = (head?.Target, head?.Host, head is { IsPayload: true });
        (IsPlain, HasBody, MayHaveEnvoyHeaders) = (false, framing.Kind != BodyKind.None, true);
        _body.Start(framing);
        StopTimer();
    }

    private void Refuse(WireFault fault)
    {
        (Fault, Target, Host, _payload, _ended) = (fault, null, null, false, true);
        (_own, _ownAt) = (Placeholder, 0);
    }

    private void TakeBody(in ReadOnlySequence<byte> bytes)
    {
        long passed = _body.Scan(bytes.Slice(_checked), _config()?.Http1, out WireFault? fault);
        if (fault is not null)
        {
            AdvanceSource(bytes.Start, bytes.End);
            (Fault, _ended) = (fault, true);
            throw new WireFaultException(fault);
        }

        _checked += passed;
        if (_body.ReplacedBytes == 0 || (_checked > 0 && !(_examinedAll && passed == 0)))
        {
            return;
        }

        // What the reader has not consumed comes before the replacement.
        byte[] own = [.. bytes.Slice(0, _checked).ToArray(), .. _body.Replacement];
        SequencePosition end = bytes.GetPosition(_checked + _body.ReplacedBytes);
        AdvanceSource(end, end);
        (_own, _ownAt, _checked) = (own, 0, 0);
        _body.Replaced();
    }

    private bool TryCancel(ReadResult read, out ReadResult ready)
    {
        if (!_timedOut)
        {
            AdvanceSource(read.Buffer.Start, read.Buffer.Start);
            _exposed = default;
            ready = new ReadResult(default, isCanceled: true, isCompleted: false);
            return true;
        }

        _timedOut = false;
        ready = default;
        if (!_body.IsDone || _checked > 0 || (!_heads.HasBegun && !read.Buffer.IsEmpty))
        {
            // The timer fired while the bytes came that it waited for.
            return false;
        }

        AdvanceSource(read.Buffer.Start, read.Buffer.End);
        if (_heads.HasBegun)
        {
            Refuse(WireFault.HeadersTimeout);
        }

        _ended = true;
        return TryServe(out ready);
    }

    private void StartTimer()
    {
        if (!_body.IsDone || _payload)
        {
            return;
        }

        if (!_heads.HasBegun)
        {
            // As the last head found it: looking again for each wait costs a request two cache misses.
            TimeSpan idle = _idleLimit ??= IdleLimitOf(_config());
            if (idle > TimeSpan.Zero)
            {
                Arm(idle);
            }

            return;
        }

        if (!_headTimerRuns)
        {
            _headTimerRuns = true;
            Arm(_config() is { RequestHeadersTimeout: { } limit } && limit > TimeSpan.Zero ? TimerLimit.OrNever(limit) : DefaultHeadTimeout);
        }
    }

    /// <summary>The limit that needs a timer here; zero: none, for the default is the inner server's own.</summary>
    private static TimeSpan IdleLimitOf(HttpConnectionConfig? config) =>
        config is { IdleTimeout: { } idle } && TimerLimit.IsSet(idle) && idle != HttpConnectionConfig.DefaultIdleTimeout ? idle : TimeSpan.Zero;

    private void Arm(TimeSpan after)
    {
        if (_timer is null)
        {
            _timer = _time.CreateTimer(static state => ((Http1Intake)state!).OnTimer(), this, after, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(after, Timeout.InfiniteTimeSpan);
        }
    }

    private void StopTimer()
    {
        _headTimerRuns = false;
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        _timedOut = true;
        _source.CancelPendingRead();
    }
}
