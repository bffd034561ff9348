using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Waypoint.Proxy.Telemetry;

/// <summary>Writes access-log records off the request path: a bounded queue, one writer that formats batches and makes one write per batch.
/// When the queue is full the record is dropped and counted, so that a stalled log never stalls a request; the next batch says how many are missing.</summary>
internal sealed class AccessLogWriter : IAsyncDisposable
{
    /// <summary>Records waiting for the writer; about 1 s at 16,000 requests a second.</summary>
    private const int QueueLength = 16_384;

    private const int MaxBatch = 512;

    private readonly Channel<AccessLogRecord> _queue = Channel.CreateBounded<AccessLogRecord>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Stream _text;
    private readonly Stream? _json;
    private readonly Task _loop;
    private long _dropped;

    /// <param name="text">Where text lines go, usually standard output.</param>
    /// <param name="json">A second stream of one JSON object per record with flags, details, route, path, code and layer; null for none.</param>
    public AccessLogWriter(Stream text, Stream? json)
    {
        _text = text;
        _json = json;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Records lost because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>True when records are wanted even for chains without an access logger of their own.</summary>
    public bool Always => _json is not null;

    /// <summary>Queues a record; never blocks.</summary>
    public void Write(in AccessLogRecord entry)
    {
        if (!_queue.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Writes what is queued and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _text.FlushAsync().ConfigureAwait(false);
        if (_json is not null)
        {
            await _json.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        var lines = new StringBuilder(64 * 1024);
        var buffer = new MemoryStream();
        long reported = 0;
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            lines.Clear();
            buffer.SetLength(0);
            for (int i = 0; i < MaxBatch && _queue.Reader.TryRead(out AccessLogRecord entry); i++)
            {
                if (entry.ToText)
                {
                    AccessLogLine.Append(lines, entry);
                }

                if (_json is not null)
                {
                    AppendJson(buffer, entry);
                }
            }

            if (Dropped is var dropped && dropped != reported)
            {
                lines.Append("access log: ").Append(dropped - reported).Append(" records lost, the log could not keep up\n");
                reported = dropped;
            }

            await _text.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString())).ConfigureAwait(false);
            await _text.FlushAsync().ConfigureAwait(false);
            if (_json is not null)
            {
                await _json.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)).ConfigureAwait(false);
                await _json.FlushAsync().ConfigureAwait(false);
            }
        }
    }

    private static void AppendJson(MemoryStream buffer, in AccessLogRecord entry)
    {
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("layer", entry.Layer);
            writer.WriteString("method", entry.Method ?? "-");
            writer.WriteString("path", entry.Path ?? "-");
            writer.WriteString("authority", entry.Authority ?? "-");
            writer.WriteString("protocol", entry.Protocol ?? "-");
            writer.WriteNumber("code", entry.Status);
            writer.WriteString("flags", string.IsNullOrEmpty(entry.Flags) ? "-" : entry.Flags);
            writer.WriteString("details", entry.Details ?? "-");
            writer.WriteString("termination", entry.TerminationDetails ?? "-");
            writer.WriteString("failure", entry.TransportFailure ?? "-");
            writer.WriteString("route", entry.RouteName ?? "-");
            writer.WriteString("upstream", entry.UpstreamHost ?? "-");
            writer.WriteString("cluster", entry.UpstreamCluster ?? "-");
            writer.WriteNumber("duration", (long)entry.Duration.TotalMilliseconds);
            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
    }
}
