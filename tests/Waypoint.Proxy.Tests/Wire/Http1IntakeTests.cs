using System.Buffers;
using System.Text;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Wire;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Wire;

public sealed class Http1IntakeTests
{
    private const string Placeholder = "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("GET /a?b=c HTTP/1.1\r\nHost: shop.test:80\r\nAccept: */*\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nhost: [::1]:80\r\ntransfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: b\r\nContent-Length: 2\r\n\r\nxyGET /c HTTP/1.1\r\nHost: c\r\n\r\n")]
    public async Task Read_CleanRequests_PassUnchangedHoweverTheyAreCut(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal((text, null), await IntakeRig.PassAsync(null, bytes[..cut], bytes[cut..]));
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nfoo: b\r\n  c\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nfoo: b  c\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nfoo: b\rc\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nfoo: bc\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nfoo: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: \r\nfoo: b\r\n\r\n")]
    [InlineData("GET http://b/c HTTP/1.1\r\nHost: a\r\n\r\n", "GET /c HTTP/1.1\r\nHost: b\r\n\r\n")]
    [InlineData("GET http://b HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: x-secret, close\r\nx-secret: 1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, Close, HTTP2-Settings, Etc\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nConnection: Close,Etc\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nx: y\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    public async Task Read_UnusualForm_WrittenAnewHoweverItIsCut(string text, string expected)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal((expected, null), await IntakeRig.PassAsync(null, bytes[..cut], bytes[cut..]));
        }
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 501)]
    [InlineData("Transfer-Encoding: xchunked", 501)]
    [InlineData("Transfer-Encoding: chunked, identity", 501)]
    [InlineData("Content-Length: 5\r\nContent-Length: 5", 400)]
    [InlineData("Content-Length: 0\r\nContent-Length: 0", 400)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6", 400)]
    [InlineData("Content-Length: 5, 5", 400)]
    [InlineData("Content-Length: +5", 400)]
    [InlineData("Content-Length: 0x5", 400)]
    [InlineData("Content-Length: -1", 400)]
    [InlineData("Content-Length: 99999999999999999999", 400)]
    [InlineData("Content-Length : 5", 400)]
    [InlineData("Host: other", 400)]
    [InlineData("foo: a\0b", 400)]
    [InlineData("foo: a\u0001b", 400)]
    [InlineData("no colon", 400)]
    [InlineData(": no name", 400)]
    [InlineData("fo\ro: x", 400)]
    [InlineData("Connection: host", 400)]
    [InlineData("Connection: content-length\r\nContent-Length: 5", 400)]
    [InlineData("Connection: a,b,c,d,e,f,g,h,i,j,k", 400)]
    public async Task Read_MessageThatServersReadDifferently_RefusedAndNothingOfItPasses(string header, int status)
    {
        string text = $"POST / HTTP/1.1\r\nHost: a\r\n{header}\r\n\r\nhello\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        for (int cut = 0; cut <= bytes.Length; cut += 7)
        {
            (string passed, WireFault? fault) = await IntakeRig.PassAsync(null, bytes[..cut], bytes[cut..]);
            Assert.Equal(Placeholder, passed);
            Assert.Equal(status, fault?.Status);
        }
    }

    [Theory]
    [InlineData("GET * HTTP/1.1", "http1.invalid_url")]
    [InlineData("GET http://a:100000/ HTTP/1.1", "http1.invalid_url")]
    [InlineData("GET http:///x HTTP/1.1", "http1.invalid_url")]
    [InlineData("GET http://u@a/ HTTP/1.1", "http1.invalid_url")]
    [InlineData("GET a HTTP/1.1", "http1.codec_error")]
    [InlineData("CONNECT http://a:80 HTTP/1.1", "http1.codec_error")]
    [InlineData("get / HTTP/1.1", "http1.codec_error")]
    [InlineData("GET / HTTP/1.1 x", "http1.codec_error")]
    [InlineData("GET /\u00fc HTTP/1.1", "http1.codec_error")]
    public async Task Read_TargetOrLineThatIsNone_Refused(string line, string details)
    {
        (string passed, WireFault? fault) = await IntakeRig.PassAsync(line + "\r\nHost: a\r\n\r\n");
        Assert.Equal((Placeholder, 400, details), (passed, fault?.Status, fault?.Details));
    }

    [Theory]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("5 x\r\nhello\r\n0\r\n\r\n")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;\ra\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a\0\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0\r\nbad name: x\r\n\r\n")]
    [InlineData("0\r\nname: \0\r\n\r\n")]
    public async Task Read_ChunksThatServersReadDifferently_BodyFails(string body)
    {
        (string passed, WireFault? fault) = await IntakeRig.PassAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        Assert.Equal(400, fault?.Status);
        Assert.DoesNotContain("0\r\n\r\n", passed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_SecondRequestBehindTheFirst_LookedAtOnlyWhenAskedFor()
    {
        var rig = new IntakeRig();
        await rig.Client.WriteAsync("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a;b\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var first = await rig.Intake.ReadAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("GET /1 ", Encoding.Latin1.GetString(first.Buffer.ToArray()), StringComparison.Ordinal);
        Assert.Null(rig.Intake.Host);
        rig.Intake.AdvanceTo(first.Buffer.End);
        var second = await rig.Intake.ReadAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("GET /2 ", Encoding.Latin1.GetString(second.Buffer.ToArray()), StringComparison.Ordinal);
        Assert.Equal("a;b", rig.Intake.Host);
    }

    [Fact]
    public async Task Read_UpgradeThatIsNotAgreedOn_WhatFollowsIsNeverRead()
    {
        (string passed, WireFault? fault) = await IntakeRig.PassAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Null(fault);
        Assert.DoesNotContain("smuggled", passed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_UpgradeAgreedOn_BytesPassAsTheyAre()
    {
        var rig = new IntakeRig();
        await rig.Client.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\0raw"u8.ToArray(), TestContext.Current.CancellationToken);
        var head = await rig.Intake.ReadAsync(TestContext.Current.CancellationToken);
        Assert.True(rig.Intake.IsPayload);
        rig.Intake.AdvanceTo(head.Buffer.End);
        rig.Intake.OpenPayload();
        var raw = await rig.Intake.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("\0raw"u8.ToArray(), raw.Buffer.ToArray());
    }

    [Fact]
    public async Task Read_HeadLongerThanTheWindow_TakenOutOfIt()
    {
        string text = "GET / HTTP/1.1\r\nHost: a\r\nbig: " + new string('q', 3 << 20) + "\r\n\r\n";
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        byte[][] pieces = [.. bytes.Chunk(50_000)];
        (string passed, WireFault? fault) = await IntakeRig.PassAsync(new Http1Config { MaxHeadBytes = 4 << 20 }, pieces);
        Assert.Null(fault);
        Assert.Equal(text, passed);
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, 431)]
    public async Task Read_ManyHeaders_LimitedByTheSettings(int headers, int? status)
    {
        string lines = string.Concat(Enumerable.Range(0, headers - 1).Select(static i => $"h{i}: x\r\n"));
        (_, WireFault? fault) = await IntakeRig.PassAsync($"GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
        Assert.Equal(status, fault?.Status);
    }

    [Fact]
    public async Task Read_HeadDoesNotCome_RefusedWith408()
    {
        var time = new FakeTimeProvider();
        var rig = new IntakeRig(time: time, headTimeout: TimeSpan.FromSeconds(1));
        await rig.Client.WriteAsync("GET / HT"u8.ToArray(), TestContext.Current.CancellationToken);
        Task<string> passing = rig.ReadToEndAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Placeholder, await passing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(WireFault.HeadersTimeout, rig.Intake.Fault);
    }

    [Fact]
    public async Task Read_ConnectionIdleForItsTime_EndsWithoutAWord()
    {
        var time = new FakeTimeProvider();
        var rig = new IntakeRig(time: time, idleTimeout: TimeSpan.FromSeconds(5));
        Task<string> passing = rig.ReadToEndAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("", await passing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Null(rig.Intake.Fault);
    }

    [Fact]
    public async Task Read_RequestArrivesWhileIdleTimerRuns_TimerStops()
    {
        var time = new FakeTimeProvider();
        var rig = new IntakeRig(time: time, idleTimeout: TimeSpan.FromSeconds(5));
        Task<string> passing = rig.ReadToEndAsync();
        await rig.Client.WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(10));
        await rig.Client.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        await rig.Client.CompleteAsync();
        Assert.EndsWith("\r\n\r\nx", await passing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
