using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Waypoint.Logging;

/// <summary>Writes each message as one line. A full queue drops messages and says how many: a slow reader of our output must never slow down the proxy,
/// whose I/O callbacks run where they log.</summary>
internal sealed class LineLoggerProvider : ILoggerProvider, IAsyncDisposable
{
    private const int QueueLines = 8192;
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(QueueLines) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly ConcurrentDictionary<string, LineLogger> _loggers = new(StringComparer.Ordinal);
    private readonly LogLevels _levels;
    private readonly TimeProvider _time;
    private readonly bool _json;
    private readonly Task _writer;
    private long _dropped;

    public LineLoggerProvider(LogLevels levels, TextWriter output, TimeProvider time, bool json)
    {
        _levels = levels;
        _time = time;
        _json = json;
        _writer = Task.Run(() => WriteAsync(output));
    }

    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, static (name, self) => new LineLogger(name, self._levels.Of(name), self), this);

    public void Dispose() => DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(2));

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer;
    }

    /// <summary>Queues one message.</summary>
    public void Enqueue(LogLevel level, string scope, string message)
    {
        var line = _json ? LogLine.Json(_time.GetUtcNow(), level, scope, message) : LogLine.Text(_time.GetUtcNow(), level, scope, message);
        if (!_lines.Writer.TryWrite(line))
            Interlocked.Increment(ref _dropped);
    }

    private async Task WriteAsync(TextWriter output)
    {
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var line))
                await output.WriteLineAsync(line);
            var dropped = Interlocked.Exchange(ref _dropped, 0);
            if (dropped > 0)
                await output.WriteLineAsync(LogLine.Text(_time.GetUtcNow(), LogLevel.Warning, "log", $"{dropped} messages were dropped: the output could not keep up"));
            await output.FlushAsync();
        }
    }
}
