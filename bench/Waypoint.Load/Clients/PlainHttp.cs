using System.Globalization;
using System.Text;

namespace Waypoint.Load.Clients;

/// <summary>One HTTP/1.1 request after the other on a stream, with as little work as possible: the answer needs a Content-Length.</summary>
internal sealed class PlainHttp(Stream stream, string host)
{
    private readonly byte[] _buffer = new byte[256 << 10];

    /// <summary>Sends GET and reads the whole answer.</summary>
    /// <returns>Bytes of the body.</returns>
    public long Get(string path)
    {
        stream.Write(Request("GET", path, bodyBytes: null));
        int filled = 0;
        int bodyStart;
        while ((bodyStart = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            filled += Read(_buffer.AsSpan(filled));
        long length = ContentLength(_buffer.AsSpan(0, bodyStart));
        for (long missing = length - (filled - bodyStart - 4); missing > 0;)
            missing -= Read(_buffer.AsSpan(0, (int)Math.Min(missing, _buffer.Length)));
        return length;
    }

    /// <inheritdoc cref="Get"/>
    public async Task<long> GetAsync(string path, CancellationToken stop)
    {
        await stream.WriteAsync(Request("GET", path, bodyBytes: null), stop);
        return await AnswerAsync(stop);
    }

    /// <summary>Sends POST with a body of <paramref name="bytes"/> bytes and reads the answer.</summary>
    public async Task PostAsync(string path, long bytes, CancellationToken stop)
    {
        await stream.WriteAsync(Request("POST", path, bytes), stop);
        for (long missing = bytes; missing > 0;)
        {
            int count = (int)Math.Min(missing, _buffer.Length);
            await stream.WriteAsync(_buffer.AsMemory(0, count), stop);
            missing -= count;
        }
        await AnswerAsync(stop);
    }

    private async Task<long> AnswerAsync(CancellationToken stop)
    {
        int filled = 0;
        int bodyStart;
        while ((bodyStart = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            filled += Filled(await stream.ReadAsync(_buffer.AsMemory(filled), stop));
        long length = ContentLength(_buffer.AsSpan(0, bodyStart));
        for (long missing = length - (filled - bodyStart - 4); missing > 0;)
            missing -= Filled(await stream.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(missing, _buffer.Length)), stop));
        return length;
    }

    private int Read(Span<byte> into) => Filled(stream.Read(into));

    private static int Filled(int count) => count > 0 ? count : throw new IOException("The answer ended early.");

    private byte[] Request(string method, string path, long? bodyBytes)
    {
        string length = bodyBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes}\r\n") : "";
        return Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{length}\r\n");
    }

    private static long ContentLength(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 2"u8))
            throw new IOException("Answered " + Encoding.ASCII.GetString(head[..Math.Min(head.Length, 200)]));
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            int colon = line.IndexOf((byte)':');
            if (colon == "content-length".Length && Ascii.EqualsIgnoreCase(line[..colon], "content-length"u8))
                return long.Parse(Encoding.ASCII.GetString(line[(colon + 1)..]), CultureInfo.InvariantCulture);
        }
        throw new IOException("The answer has no Content-Length.");
    }
}
