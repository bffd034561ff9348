using System.Buffers.Binary;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Upstream;

/// <summary>Streams whose frames are cut and mixed at random, with trailers, without, given up, or with bytes that only begin like the mark; and frames of random bytes.
/// WAYPOINT_FUZZ_SEED repeats a run, WAYPOINT_FUZZ_RUNS makes it longer.</summary>
public sealed class TrailerFramesFuzzTests
{
    private const int FrameHeaderBytes = 9;

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : Random.Shared.Next();
    private readonly int _runs = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_RUNS"), CultureInfo.InvariantCulture, out int runs) ? runs : 2000;
    private readonly byte[] _marked = TrailerMark.Encode(new HeaderDictionary { ["x-name"] = "value" })!;

    [Fact]
    public void Apply_StreamsCutAndMixed_EachKeepsItsBodyAndGetsItsTrailers()
    {
        var random = new Random(_seed);
        for (int run = 0; run < _runs; run++)
        {
            var streams = new List<Sent>();
            for (int i = 0; i < random.Next(1, 5); i++)
            {
                streams.Add(Make(random, (2 * i) + 1));
            }

            var frames = new TrailerFrames();
            var got = new Dictionary<int, Received>();
            int taken = 0, sentData = 0;
            var left = streams.Select(static s => new Queue<byte[]>(s.Frames)).ToList();
            while (left.Exists(static q => q.Count > 0))
            {
                List<byte> write = [];
                for (int n = random.Next(1, 4); n > 0 && left.Exists(static q => q.Count > 0); n--)
                {
                    List<Queue<byte[]>> open = left.FindAll(static q => q.Count > 0);
                    byte[] frame = open[random.Next(open.Count)].Dequeue();
                    sentData += frame[3] == 0 ? frame.Length - FrameHeaderBytes : 0;
                    write.AddRange(frame);
                }

                ReadOnlyMemory<byte> passed = frames.Apply(write.ToArray(), out int now);
                taken += now;
                Read(passed.Span, got);
            }

            foreach (Sent stream in streams)
            {
                Received seen = got.GetValueOrDefault(stream.Id) ?? new Received();
                string where = $"seed {_seed}, run {run}, stream {stream.Id}";
                // A reset may overtake the last byte that had to wait.
                Assert.True(stream.Body.SequenceEqual(seen.Data) || (stream.IsReset && stream.Body.AsSpan().StartsWith([.. seen.Data])), $"{where}: body {Convert.ToHexString([.. seen.Data])} instead of {Convert.ToHexString(stream.Body)}");
                Assert.True(stream.HasTrailers == (seen.Trailers.Count > 0), where);
                Assert.True(!stream.HasTrailers || seen.Trailers.SequenceEqual(_marked[TrailerMark.HeaderBytes..]), where);
                Assert.Equal(stream.IsReset ? 0 : 1, seen.Ends);
            }

            Assert.Equal(sentData - taken, got.Values.Sum(static r => r.Data.Count));
            Assert.Equal(0, frames.Held);
        }
    }

    [Fact]
    public void Apply_RandomBytes_NothingIsThrownAndNoDataAdded()
    {
        var random = new Random(_seed);
        var frames = new TrailerFrames();
        for (int run = 0; run < _runs; run++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (bytes.Length > FrameHeaderBytes && random.Next(2) == 0)
            {
                BinaryPrimitives.WriteInt32BigEndian(bytes, random.Next(60) << 8);
                bytes[3] = (byte)random.Next(4);
            }

            // One or two bytes may be all of a frame and begin like the mark: they wait for the stream's next.
            ReadOnlyMemory<byte> passed = frames.Apply(bytes, out int taken);
            int mostFrames = (bytes.Length / FrameHeaderBytes) + 1;
            Assert.True(passed.Length <= bytes.Length + (mostFrames * (FrameHeaderBytes + 2)) && taken >= 0, $"seed {_seed}, run {run}: {Convert.ToHexString(bytes)}");
        }
    }

    private Sent Make(Random random, int id)
    {
        byte[] body = new byte[random.Next(40)];
        random.NextBytes(body);
        bool trailers = random.Next(2) == 0, reset = random.Next(4) == 0;
        var frames = new List<byte[]> { Frame(1, 4, id, [0x82]) };
        frames.AddRange(Cut(random, id, body));
        // A piece that begins like the mark and goes on otherwise is a body like any other, as long as no piece of it is held when the stream is given up.
        byte[] alike = !trailers && !reset && random.Next(2) == 0 ? [.. _marked.AsSpan(0, random.Next(1, 24)), (byte)~_marked[23]] : [];
        frames.AddRange(Cut(random, id, alike));
        body = [.. body, .. alike];
        if (trailers)
        {
            frames.AddRange(Cut(random, id, reset ? _marked[..^1] : _marked));
        }

        frames.Add(reset ? Frame(3, 0, id, [0, 0, 0, 8]) : Frame(0, 1, id, []));
        return new Sent(id, body, trailers && !reset, reset, frames);
    }

    private static IEnumerable<byte[]> Cut(Random random, int id, byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int length = random.Next(1, bytes.Length - at + 1);
            yield return Frame(0, 0, id, bytes[at..(at + length)]);
            at += length;
        }
    }

    private static void Read(ReadOnlySpan<byte> bytes, Dictionary<int, Received> got)
    {
        while (!bytes.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes) >>> 8;
            int id = BinaryPrimitives.ReadInt32BigEndian(bytes[5..]);
            if (!got.TryGetValue(id, out Received? stream))
            {
                got[id] = stream = new Received();
            }

            ReadOnlySpan<byte> payload = bytes.Slice(FrameHeaderBytes, length);
            stream.Ends += bytes[3] is 0 or 1 ? bytes[4] & 1 : 0;
            if (bytes[3] == 0)
            {
                stream.Data.AddRange(payload);
            }
            else if (bytes[3] == 1 && (bytes[4] & 1) != 0)
            {
                stream.Trailers.AddRange(payload);
            }

            bytes = bytes[(FrameHeaderBytes + length)..];
        }
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, (byte)stream, .. payload];

    private sealed record Sent(int Id, byte[] Body, bool HasTrailers, bool IsReset, List<byte[]> Frames);

    private sealed class Received
    {
        public List<byte> Data { get; } = [];

        public List<byte> Trailers { get; } = [];

        public int Ends { get; set; }
    }
}
