using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Hpack;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>The other end of a connection, frame by frame: sends anything at any time and reads what comes.</summary>
internal sealed class FramePeer(Stream stream)
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize);

    /// <summary>Sends the client preface and SETTINGS.</summary>
    public async Task StartAsClientAsync(params (SettingId Id, uint Value)[] settings)
    {
        await SendAsync(FrameReader.Preface.ToArray());
        await SendAsync(Frame.Settings(settings));
    }

    /// <summary>The same, and waits until the other side has taken note.</summary>
    public async Task StartAndWaitAsClientAsync()
    {
        await StartAsClientAsync();
        while (!(await ReadAsync(FrameType.Settings)).IsAck)
        {
        }
    }

    public Task SendAsync(Frame frame) => SendAsync(frame.ToBytes());

    public Task SendAsync(byte[] bytes) => stream.WriteAsync(bytes).AsTask().WaitAsync(Timeout);

    /// <summary>Opens a stream with the usual fields of a CONNECT.</summary>
    public Task ConnectAsync(int streamId, string authority = "10.96.4.7:80", bool end = false) =>
        HeadersAsync(streamId, end, (":method", "CONNECT"), (":authority", authority));

    public Task HeadersAsync(int streamId, bool end, params (string Name, string Value)[] fields) =>
        SendAsync(new Frame(FrameType.Headers, FrameFlags.EndHeaders | (end ? FrameFlags.EndStream : 0), streamId, Encode(fields)));

    public static byte[] Encode(params (string Name, string Value)[] fields)
    {
        byte[] block = new byte[fields.Sum(f => HpackEncoder.MaxEncodedLength(f.Name, f.Value))];
        int length = 0;
        foreach ((string name, string value) in fields)
            length += HpackEncoder.Write(block.AsSpan(length), name, value);
        return block[..length];
    }

    /// <summary>The next frame, or null when the connection has ended.</summary>
    public async Task<Frame?> ReadAsync()
    {
        byte[] header = new byte[FrameHeader.Size];
        int read = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Timeout);
        if (read < header.Length)
            return null;
        var parsed = FrameHeader.Read(header);
        byte[] payload = new byte[parsed.Length];
        await stream.ReadExactlyAsync(payload).AsTask().WaitAsync(Timeout);
        return new Frame(parsed.Type, parsed.Flags, parsed.StreamId, payload);
    }

    /// <summary>The next frame of a type; others are skipped.</summary>
    public async Task<Frame> ReadAsync(FrameType type)
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == type)
                return frame;
        }
        throw new IOException($"The connection ended before a frame of type {type}.");
    }

    /// <summary>The next HEADERS frame as fields.</summary>
    public async Task<(Frame Frame, Dictionary<string, string> Fields)> ReadHeadersAsync()
    {
        Frame frame = await ReadAsync(FrameType.Headers);
        var list = new HeaderList(1 << 16);
        Assert.True(_decoder.TryDecode(frame.Payload, list));
        return (frame, list.ToArray().ToDictionary(f => f.Name, f => f.Value));
    }

    /// <summary>The status of the next answer.</summary>
    public async Task<string> ReadStatusAsync() => (await ReadHeadersAsync()).Fields[":status"];

    /// <summary>Reads DATA of a stream until its end or <paramref name="atLeast"/> bytes, giving credit back.</summary>
    public async Task<byte[]> ReadDataAsync(int streamId, int atLeast = int.MaxValue, bool credit = true)
    {
        var data = new MemoryStream();
        while (data.Length < atLeast)
        {
            Frame frame = await ReadAsync(FrameType.Data);
            Assert.Equal(streamId, frame.StreamId);
            data.Write(frame.Payload);
            if (credit && frame.Payload.Length > 0)
            {
                await SendAsync(Frame.WindowUpdate(0, frame.Payload.Length));
                await SendAsync(Frame.WindowUpdate(streamId, frame.Payload.Length));
            }
            if (frame.EndsStream)
                break;
        }
        return data.ToArray();
    }
}
