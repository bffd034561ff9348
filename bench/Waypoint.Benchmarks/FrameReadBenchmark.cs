using BenchmarkDotNet.Attributes;
using Waypoint.Hbone.Frames;

namespace Waypoint.Benchmarks;

/// <summary>Bytes of a connection cut into DATA frames: 64 small ones as requests make them, and the 4 full ones of a download.</summary>
public class FrameReadBenchmark
{
    private const int MaxFrameBytes = 16 << 10;

    private readonly CountingFrameHandler _handler = new();
    private readonly byte[] _small = Frames(count: 64, payload: 200);
    private readonly byte[] _full = Frames(count: 4, payload: MaxFrameBytes);
    private FrameReader _reader = null!;

    [GlobalSetup]
    public void Setup()
    {
        _reader = new FrameReader(_handler, isServer: false, MaxFrameBytes, 16 << 10);
        var settings = new byte[FrameHeader.Size];
        FrameHeader.Write(settings, 0, FrameType.Settings, default, 0);
        Read(settings);
        if (Small() != 64 * 200 || Full() != 4 * MaxFrameBytes)
            throw new InvalidOperationException("Not all bytes arrived.");
    }

    [Benchmark(OperationsPerInvoke = 64)]
    public long Small() => Read(_small);

    [Benchmark(OperationsPerInvoke = 4)]
    public long Full() => Read(_full);

    private long Read(byte[] bytes)
    {
        long before = _handler.DataBytes;
        var fault = _reader.Read(bytes, out int consumed);
        return !fault.IsError && consumed == bytes.Length ? _handler.DataBytes - before : -1;
    }

    private static byte[] Frames(int count, int payload)
    {
        var bytes = new byte[count * (FrameHeader.Size + payload)];
        for (int i = 0; i < count; i++)
            FrameHeader.Write(bytes.AsSpan(i * (FrameHeader.Size + payload)), payload, FrameType.Data, default, streamId: 1 + (2 * i));
        return bytes;
    }
}
