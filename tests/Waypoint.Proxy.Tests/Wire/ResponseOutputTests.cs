using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Tests.Wire;

public sealed class ResponseOutputTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n\r\n";
    private const string Hints = "HTTP/1.1 103 Early Hints\r\n\r\n";

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 50));
    private readonly ResponseOutput _output;

    public ResponseOutputTests() => _output = new ResponseOutput(_pipe.Writer);

    [Fact]
    public async Task WriteInterim_BeforeTheResponse_SentAtOnceInOrder()
    {
        int request = _output.Begin(isHttp10: false);
        _output.WriteInterim(request, Encoding.Latin1.GetBytes(Hints));
        Assert.Equal(Hints, Read());
        await WriteAsync(Ok);
        Assert.Equal(Ok, Read());
    }

    [Fact]
    public async Task WriteInterim_AfterTheResponseBegan_Dropped()
    {
        int request = _output.Begin(isHttp10: false);
        Put("HTTP/1.1 200 OK\r\n");
        _output.WriteInterim(request, Encoding.Latin1.GetBytes(Hints));
        await WriteAsync("\r\n");
        _output.WriteInterim(request, Encoding.Latin1.GetBytes(Hints));
        Assert.Equal(Ok, Read());
    }

    [Fact]
    public void WriteInterim_OfTheRequestBefore_Dropped()
    {
        int late = _output.Begin(isHttp10: false);
        _output.Begin(isHttp10: false);
        _output.WriteInterim(late, Encoding.Latin1.GetBytes(Hints));
        Assert.Equal("", Read());
    }

    [Fact]
    public async Task WriteInterim_WhileTheServerWritesIts100_FollowsIt()
    {
        int request = _output.Begin(isHttp10: false);
        Put("HTTP/1.1 100 Continue\r\n\r\n");
        _output.WriteInterim(request, Encoding.Latin1.GetBytes(Hints));
        await WriteAsync("");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n" + Hints, Read());
        await WriteAsync(Ok);
        Assert.Equal(Ok, Read());
    }

    [Fact]
    public async Task WriteInterim_TunnelIsFull_ResponseWaitsForRoomAndComesBehind()
    {
        int request = _output.Begin(isHttp10: false);
        string large = $"HTTP/1.1 103 Early Hints\r\nlink: {new string('a', 100)}\r\n\r\n";
        _output.WriteInterim(request, Encoding.Latin1.GetBytes(large));
        _output.WriteInterim(request, Encoding.Latin1.GetBytes(Hints));
        Task writing = WriteAsync(Ok).AsTask();
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(writing.IsCompleted);
        var read = new StringBuilder();
        while (!read.ToString().EndsWith(Ok, StringComparison.Ordinal))
        {
            read.Append(Read());
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await writing;
        // The one that still waited when the response began is dropped.
        Assert.Equal(large + Ok, read.ToString());
    }

    [Fact]
    public void WriteInterim_WithoutEnd_Bounded()
    {
        int request = _output.Begin(isHttp10: false);
        int sent = 0;
        for (int i = 0; i < 1000; i++)
        {
            _output.WriteInterim(request, Encoding.Latin1.GetBytes(Hints));
            sent += Read().Length;
        }

        Assert.Equal(100 * Hints.Length, sent);
    }

    [Fact]
    public async Task Begin_Http10_StatusLineSaysSoAndInterimsAreDropped()
    {
        int request = _output.Begin(isHttp10: true);
        _output.WriteInterim(request, Encoding.Latin1.GetBytes(Hints));
        await WriteAsync(Ok);
        await WriteAsync("HTTP/1.1 in the body");
        Assert.Equal("HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 in the body", Read());
    }

    private ValueTask<FlushResult> WriteAsync(string text)
    {
        Put(text);
        return _output.FlushAsync(TestContext.Current.CancellationToken);
    }

    private void Put(string text)
    {
        if (text.Length > 0)
            _output.Write(Encoding.Latin1.GetBytes(text));
    }

    private string Read()
    {
        if (!_pipe.Reader.TryRead(out ReadResult read))
            return "";
        string text = Encoding.Latin1.GetString(read.Buffer.ToArray());
        _pipe.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
