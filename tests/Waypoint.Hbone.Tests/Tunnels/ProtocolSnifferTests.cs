using System.IO.Pipelines;
using System.Text;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Tests.Tunnels;

public sealed class ProtocolSnifferTests
{
    private readonly ManualTime _time = new();
    private readonly Pipe _pipe = new();

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", SniffedProtocol.Http1)]
    [InlineData("M-SEARCH * HTTP/1.1\r\n", SniffedProtocol.Http1)]
    [InlineData("get /a?b HTTP/1.0\r\n", SniffedProtocol.Http1)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", SniffedProtocol.Http2)]
    [InlineData("\u0016\u0003\u0001", SniffedProtocol.Tls)]
    [InlineData("\u0016\u0009", SniffedProtocol.Opaque)]
    [InlineData("GET /\r\n", SniffedProtocol.Opaque)]
    [InlineData("EHLO example.org\r\n", SniffedProtocol.Opaque)]
    [InlineData("SSH-2.0-x\r\n", SniffedProtocol.Opaque)]
    [InlineData("\r\n", SniffedProtocol.Opaque)]
    [InlineData(" GET", SniffedProtocol.Opaque)]
    [InlineData("GET / SIP/2.0\r\n", SniffedProtocol.Opaque)]
    public async Task Detect_FirstBytes_ProtocolAndNothingConsumed(string text, SniffedProtocol expected)
    {
        await WriteAsync(text);
        Assert.Equal(expected, await Detect());
        ReadResult result = await _pipe.Reader.ReadAsync();
        Assert.Equal(text, Encoding.Latin1.GetString(result.Buffer));
    }

    [Fact]
    public async Task Detect_BytesOneByOne_DecidesAsSoonAsItCan()
    {
        Task<SniffedProtocol> detection = Detect();
        foreach (char c in "POST /path HTTP/1")
        {
            await WriteAsync(c.ToString());
            Assert.False(detection.IsCompleted);
        }
        await WriteAsync(".");
        Assert.Equal(SniffedProtocol.Http1, await detection.WaitAsync(FramePeer.Timeout));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET")]
    [InlineData("PRI * HTTP/2.0\r\n")]
    public async Task Detect_NotEnoughBytesInTime_Opaque(string text)
    {
        await WriteAsync(text);
        Task<SniffedProtocol> detection = Detect();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(detection.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(SniffedProtocol.Opaque, await detection.WaitAsync(FramePeer.Timeout));
    }

    [Fact]
    public async Task Detect_ClientEndsWithoutAByte_Closed()
    {
        Task<SniffedProtocol> detection = Detect();
        await _pipe.Writer.CompleteAsync();
        Assert.Equal(SniffedProtocol.Closed, await detection.WaitAsync(FramePeer.Timeout));
    }

    [Fact]
    public async Task Detect_ClientEndsInTheMiddle_Opaque()
    {
        await WriteAsync("GET");
        await _pipe.Writer.CompleteAsync();
        Assert.Equal(SniffedProtocol.Opaque, await Detect());
    }

    private Task<SniffedProtocol> Detect() => ProtocolSniffer.DetectAsync(_pipe.Reader, TimeSpan.FromSeconds(1), _time, default).AsTask();

    private async Task WriteAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.Latin1.GetBytes(text));
}
