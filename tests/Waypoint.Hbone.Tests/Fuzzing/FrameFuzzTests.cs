using System.Globalization;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Hpack;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tests.Testing;

namespace Waypoint.Hbone.Tests.Fuzzing;

/// <summary>Damaged and random bytes for everything that reads bytes of a peer. WAYPOINT_FUZZ_SEED repeats a run, WAYPOINT_FUZZ_ROUNDS makes it longer.</summary>
public sealed class FrameFuzzTests
{
    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : Random.Shared.Next();
    private readonly int _rounds = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : 2000;

    [Fact]
    public void Reader_DamagedFrames_FaultOrFrameButNeverAnException()
    {
        var random = new Random(_seed);
        for (int round = 0; round < _rounds * 5; round++)
        {
            byte[] bytes = Damage(Session(random), random);
            var reader = new FrameReader(new NullHandler(), isServer: true, 64 << 10, 16 << 10);
            string what = $"seed {_seed}, round {round}";
            try
            {
                Feed(reader, bytes, random);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{what}: {exception}");
            }
        }
    }

    [Fact]
    public void Decoder_RandomBlocks_NeverAnExceptionAndBounded()
    {
        var random = new Random(_seed);
        for (int round = 0; round < _rounds * 10; round++)
        {
            var decoder = new HpackDecoder(HpackDecoder.DefaultTableSize);
            var headers = new HeaderList(16 << 10);
            for (int block = 0; block < 5; block++)
            {
                byte[] bytes = random.Next(3) == 0 ? RandomBytes(random, 300) : Damage(RandomBlock(random), random);
                headers.Clear();
                if (!decoder.TryDecode(bytes, headers))
                    break;
                Assert.True(headers.IsTooLarge || headers.ToArray().Sum(h => h.Size) <= 16 << 10, $"seed {_seed}, round {round}");
            }
        }
    }

    [Fact]
    public void Huffman_RandomBytes_DecodeWithinTheirRoom()
    {
        var random = new Random(_seed);
        for (int round = 0; round < _rounds * 10; round++)
        {
            byte[] bytes = RandomBytes(random, 100);
            byte[] room = new byte[HpackHuffman.MaxDecodedLength(bytes.Length)];
            Assert.InRange(HpackHuffman.Decode(bytes, room), -1, room.Length);
        }
    }

    [Fact]
    public async Task Connection_DamagedSessions_EndsOrLivesButNeverHangs()
    {
        var random = new Random(_seed);
        for (int round = 0; round < _rounds / 10; round++)
        {
            await using var rig = new ServerRig(new ConnectScript(request =>
            {
                if (request.Port % 2 == 0)
                    request.Reject(404);
                else
                    Echo(request);
                return null;
            }), new ConnectionOptions { StreamWindowBytes = 64 << 10 }, bufferBytes: 1 << 20);
            byte[] bytes = Damage(Session(random), random);
            try
            {
                await rig.Peer.SendAsync(bytes);
            }
            catch (IOException)
            {
                // Closed in the middle.
            }
            rig.Disconnect();
            await rig.Running.WaitAsync(FramePeer.Timeout);
            Assert.True(rig.Connection.TunnelCount == 0, $"seed {_seed}, round {round}");
        }
    }

    private static void Echo(ConnectRequest request)
    {
        Hbone.Tunnels.Tunnel tunnel = request.Accept();
        _ = tunnel.Input.CopyToAsync(tunnel.Output).ContinueWith(t =>
        {
            tunnel.Output.Complete(t.Exception);
            tunnel.Input.Complete(t.Exception);
        }, TaskScheduler.Default);
    }

    private static void Feed(FrameReader reader, byte[] bytes, Random random)
    {
        int start = 0;
        int end = 0;
        while (end < bytes.Length)
        {
            end = Math.Min(bytes.Length, end + random.Next(1, 200));
            Fault fault = reader.Read(bytes.AsSpan(start, end - start), out int consumed);
            Assert.InRange(consumed, 0, end - start);
            Assert.InRange(reader.NeededBytes, 1, FrameHeader.Size + (64 << 10));
            start += consumed;
            if (fault.IsError)
                return;
        }
    }

    // A plausible session, so that damage reaches deep.
    private static byte[] Session(Random random)
    {
        var bytes = new MemoryStream();
        bytes.Write(FrameReader.Preface);
        bytes.Write(Frame.Settings((SettingId.InitialWindowSize, (uint)random.Next(100_000)), (SettingId.MaxFrameSize, 16384)).ToBytes());
        int id = 1;
        for (int i = random.Next(30); i >= 0; i--)
        {
            int stream = random.Next(1, id + 4);
            Frame frame = random.Next(9) switch
            {
                0 or 1 => new Frame(FrameType.Headers, FrameFlags.EndHeaders | (FrameFlags)random.Next(2), id += 2, FramePeer.Encode((":method", "CONNECT"), (":authority", $"10.0.0.1:{random.Next(1, 100)}"))),
                2 => new Frame(FrameType.Headers, (FrameFlags)random.Next(256), id += 2, RandomBlock(random)),
                3 => Frame.Data(stream, new byte[random.Next(3000)], random.Next(4) == 0),
                4 => new Frame(FrameType.Data, FrameFlags.Padded, stream, RandomBytes(random, 300)),
                5 => Frame.Reset(stream, (ErrorCode)random.Next(14)),
                6 => Frame.WindowUpdate(random.Next(2) * stream, random.Next()),
                7 => Frame.Ping((ulong)random.NextInt64()),
                _ => new Frame((FrameType)random.Next(256), (FrameFlags)random.Next(256), stream, RandomBytes(random, 40)),
            };
            bytes.Write(frame.ToBytes());
        }
        return bytes.ToArray();
    }

    private static byte[] RandomBlock(Random random) =>
        FramePeer.Encode([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (new string((char)random.Next('a', 'z'), random.Next(1, 20)), new string('v', random.Next(200))))]);

    private static byte[] RandomBytes(Random random, int max)
    {
        byte[] bytes = new byte[random.Next(max)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        for (int i = random.Next(4); i > 0 && bytes.Length > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private sealed class NullHandler : IFrameHandler
    {
        public Fault OnDataBegin(int streamId, int length, int padding) => Fault.None;

        public void OnDataBytes(ReadOnlySpan<byte> bytes)
        {
        }

        public Fault OnDataEnd(bool endStream) => Fault.None;

        public Fault OnHeaders(int streamId, HeaderList headers, bool endStream) => Fault.None;

        public Fault OnResetStream(int streamId, ErrorCode code) => Fault.None;

        public Fault OnSettings(ReadOnlySpan<byte> payload) => Fault.None;

        public void OnSettingsAck()
        {
        }

        public Fault OnPing(ulong payload, bool ack) => Fault.None;

        public Fault OnGoAway(int lastStreamId, ErrorCode code) => Fault.None;

        public Fault OnWindowUpdate(int streamId, int increment) => Fault.None;

        public Fault OnIgnored(FrameType type) => Fault.None;
    }
}
