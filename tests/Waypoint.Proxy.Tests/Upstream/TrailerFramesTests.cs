using System.Text;
using Microsoft.AspNetCore.Http;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Upstream;

public sealed class TrailerFramesTests
{
    private static readonly byte[] Block = [0, 6, .. "x-name"u8, 5, .. "value"u8];
    private static readonly byte[] End = Frame(0, 1, 3, []);

    private readonly TrailerFrames _frames = new();
    private readonly byte[] _marked = TrailerMark.Encode(new HeaderDictionary { ["X-Name"] = "value" })!;

    [Fact]
    public void Apply_MarkedBytesHoweverTheyAreCut_BecomeTrailers()
    {
        byte[] body = Frame(0, 0, 3, "body"u8.ToArray());
        for (int cut = 1; cut < _marked.Length; cut++)
        {
            byte[] other = Frame(0, 0, 5, "other"u8.ToArray());
            byte[] sent = [.. Apply([.. body, .. Frame(0, 0, 3, _marked[..cut]), .. other], out int first), .. Apply([.. Frame(0, 0, 3, _marked[cut..]), .. End], out int second)];
            Assert.Equal((byte[])[.. body, .. other, .. Frame(1, 5, 3, Block)], sent);
            Assert.Equal(_marked.Length, first + second);
        }
    }

    [Fact]
    public async Task WriteAsync_MarkedBytes_TheirCreditIsGivenBackToTheClient()
    {
        await using var stream = new Http2UpstreamStream(new MemoryStream());
        await stream.WriteAsync(Frame(0, 0, 3, _marked), TestContext.Current.CancellationToken);
        byte[] buffer = new byte[64];
        int count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal(Frame(8, 0, 0, [0, 0, 0, (byte)_marked.Length]), buffer[..count]);
        await stream.WriteAsync(End, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(23)]
    public void Apply_BytesThatOnlyBeginAlike_GoOutInOrder(int alike)
    {
        byte[] start = Frame(0, 0, 3, _marked[..alike]);
        byte[] rest = Frame(0, 0, 3, "else"u8.ToArray());
        Assert.Empty(Apply(start, out int held));
        Assert.Equal((byte[])[.. start, .. rest], Apply(rest, out int given));
        Assert.Equal(0, held + given);
        Assert.Equal((byte[])[.. start, .. End], (byte[])[.. Apply(start, out _), .. Apply(End, out _)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(23)]
    public void Apply_TrailersAfterABodyThatEndsLikeTheirMarkBegins_StillFound(int alike)
    {
        byte[] body = Frame(0, 0, 3, _marked[..alike]);
        for (int cut = 1; cut < _marked.Length; cut++)
        {
            byte[] sent = [.. Apply(body, out int first), .. Apply([.. Frame(0, 0, 3, _marked[..cut]), .. Frame(0, 0, 3, _marked[cut..]), .. End], out int second)];
            Assert.Equal((byte[])[.. body, .. Frame(1, 5, 3, Block)], sent);
            Assert.Equal(_marked.Length, first + second);
        }
    }

    [Fact]
    public void Apply_BytesThatMayStillGoOut_NoCreditForThem()
    {
        Assert.Empty(Apply(Frame(0, 0, 3, _marked[..23]), out int before));
        Assert.Equal(0, before);
        Assert.Empty(Apply(Frame(0, 0, 3, _marked[23..25]), out int marked));
        Assert.Equal(25, marked);
        Assert.Empty(Apply(Frame(0, 0, 5, _marked[..2]), out _));
        Apply(Frame(3, 0, 5, [0, 0, 0, 8]), out int given);
        Assert.Equal(2, given);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(30)]
    public void Apply_EndBeforeTheTrailersAreWhole_TheSecretStays(int length)
    {
        Assert.Equal(End, Apply([.. Frame(0, 0, 3, _marked[..length]), .. End], out _));
        Assert.Equal(0, _frames.Held);
    }

    [Fact]
    public void Apply_ResetAfterTheMark_Passes()
    {
        byte[] reset = Frame(3, 0, 3, [0, 0, 0, 8]);
        Assert.Equal(reset, Apply([.. Frame(0, 0, 3, _marked), .. reset], out _));
        Assert.Equal(0, _frames.Held);
    }

    [Fact]
    public void Apply_TrailersAfterSomeThatWereGivenUpHalfway_StillFound()
    {
        byte[] reset = Frame(3, 0, 3, [0, 0, 0, 8]);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(reset, Apply([.. Frame(0, 0, 3, _marked[..^1]), .. reset], out _));
        }

        Assert.Equal(Frame(1, 5, 5, Block), Apply([.. Frame(0, 0, 5, _marked), .. Frame(0, 1, 5, [])], out _));
    }

    [Fact]
    public void Apply_StreamsThatNeverEnd_AreForgottenBeyondTheLimit()
    {
        for (byte stream = 1; stream < 250; stream += 2)
        {
            Assert.Empty(Apply(Frame(0, 0, stream, _marked), out _));
        }

        byte[] far = Frame(0, 0, 0, _marked);
        for (int stream = 1_001; stream < 3_001; stream += 2)
        {
            (far[7], far[8]) = ((byte)(stream >> 8), (byte)stream);
            Assert.Empty(Apply(far, out _));
        }

        Assert.InRange(_frames.Held, 1, 256);
    }

    [Fact]
    public void Apply_ManyStreamsWithAPieceOfTheSecret_NoneIsForgottenAndTooManyEndTheConnection()
    {
        byte[] frame = Frame(0, 0, 0, _marked[..1]);
        void Begin(int stream)
        {
            (frame[7], frame[8]) = ((byte)(stream >> 8), (byte)stream);
            Assert.Empty(Apply(frame, out _));
        }

        for (int stream = 3; stream < 1_000; stream += 2)
        {
            Begin(stream);
        }

        Assert.Equal(Frame(1, 5, 3, Block), Apply([.. Frame(0, 0, 3, _marked[1..]), .. End], out _));
        Assert.Throws<IOException>(() =>
        {
            for (int stream = 1_001; stream < 5_000; stream += 2)
            {
                Begin(stream);
            }
        });
    }

    [Fact]
    public void Apply_LongTrailers_ContinueInFramesOfTheStandardSize()
    {
        byte[] marked = TrailerMark.Encode(new HeaderDictionary { ["x-long"] = new string('a', 20_000) })!;
        byte[] block = marked[TrailerMark.HeaderBytes..];
        byte[] sent = Apply([.. Frame(0, 0, 3, marked[..10_000]), .. Frame(0, 0, 3, marked[10_000..]), .. End], out _);
        Assert.Equal((byte[])[.. Frame(1, 1, 3, block[..(16 * 1024)]), .. Frame(9, 4, 3, block[(16 * 1024)..])], sent);
    }

    [Theory]
    [InlineData("authorization")]
    [InlineData("Content-Length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Host")]
    [InlineData(":path")]
    [InlineData("If-Match")]
    [InlineData("x-forwarded-client-cert")]
    [InlineData("x-envoy-retry-on")]
    public void Encode_FieldThatMustNotBeATrailer_Dropped(string name) => Assert.Null(TrailerMark.Encode(new HeaderDictionary { [name] = "a" }));

    [Fact]
    public void Encode_MoreThanTheLimit_Dropped() => Assert.Null(TrailerMark.Encode(new HeaderDictionary { ["x"] = new string('a', 61 * 1024) }));

    [Fact]
    public void Encode_NameAndLongValue_LiteralsInLowerCase()
    {
        string value = new('v', 300);
        Assert.Equal((byte[])[0, 1, (byte)'x', 127, 0xAD, 1, .. Encoding.Latin1.GetBytes(value)], TrailerMark.Encode(new HeaderDictionary { ["X"] = value })![TrailerMark.HeaderBytes..]);
    }

    private byte[] Apply(byte[] frames, out int taken) => _frames.Apply(frames, out taken).ToArray();

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, (byte)stream, .. payload];
}
