using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Waypoint.Demo;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.EndToEnd.Tests;

/// <summary>Streams through the waypoint over real sockets: gRPC, WebSockets, large bodies, trailers, and what a slow client costs.</summary>
[Collection(MeshInOneProcess.Addresses)]
public sealed class StreamingTests(StreamingMesh mesh) : IClassFixture<StreamingMesh>
{
    private const string Service = DemoMesh.Vip + ":80";

    /// <summary>Size of the large transfers; WAYPOINT_TRANSFER_MIB sets another, such as 1024.</summary>
    private static long TransferBytes { get; } =
        (long.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_TRANSFER_MIB"), CultureInfo.InvariantCulture, out long mebibytes) ? mebibytes : 256) << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Grpc_MessagesBackAndForth_EachAnsweredBeforeTheNext(int messages)
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        var content = new PushContent("application/grpc");
        Task<HttpResponseMessage> sending = client.SendAsync(Grpc("/echo", content), Cancel);
        Stream upload = await content.Stream.WaitAsync(MeshInOneProcess.Patience);
        await GrpcMessage.WriteAsync(upload, [0]);
        using HttpResponseMessage response = await sending.WaitAsync(MeshInOneProcess.Patience);
        using Stream download = await response.Content.ReadAsStreamAsync(Cancel);
        for (int i = 0; i < messages; i++)
        {
            if (i > 0)
                await GrpcMessage.WriteAsync(upload, [(byte)i]);
            Assert.Equal([(byte)i], (await GrpcMessage.ReadAsync(download).WaitAsync(MeshInOneProcess.Patience))!);
        }

        content.End();
        Assert.Null(await GrpcMessage.ReadAsync(download).WaitAsync(MeshInOneProcess.Patience));
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Grpc_ClientStream_AllMessagesArrive()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        var content = new PushContent("application/grpc");
        Task<HttpResponseMessage> sending = client.SendAsync(Grpc("/grpc/collect", content), Cancel);
        Stream upload = await content.Stream.WaitAsync(MeshInOneProcess.Patience);
        for (int i = 0; i < 500; i++)
            await GrpcMessage.WriteAsync(upload, new byte[100]);
        content.End();
        using HttpResponseMessage response = await sending.WaitAsync(MeshInOneProcess.Patience);
        using Stream download = await response.Content.ReadAsStreamAsync(Cancel);
        Assert.Equal(500, BitConverter.ToInt32((await GrpcMessage.ReadAsync(download).WaitAsync(MeshInOneProcess.Patience))!));
    }

    [Fact]
    public async Task Grpc_ServerStream_AllMessagesArriveInOrder()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        var content = new PushContent("application/grpc");
        Task<HttpResponseMessage> sending = client.SendAsync(Grpc("/grpc/expand", content), Cancel);
        await GrpcMessage.WriteAsync(await content.Stream.WaitAsync(MeshInOneProcess.Patience), BitConverter.GetBytes(500));
        content.End();
        using HttpResponseMessage response = await sending.WaitAsync(MeshInOneProcess.Patience);
        using Stream download = await response.Content.ReadAsStreamAsync(Cancel);
        for (int i = 0; i < 500; i++)
            Assert.Equal(i, BitConverter.ToInt32((await GrpcMessage.ReadAsync(download).WaitAsync(MeshInOneProcess.Patience))!));
        Assert.Null(await GrpcMessage.ReadAsync(download).WaitAsync(MeshInOneProcess.Patience));
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task WebSocket_TenThousandMessagesBothWays_AllArriveInOrder(string httpVersion)
    {
        const int Messages = 10_000;
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(httpVersion);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri("ws://greeter.demo/websocket"), client, Cancel).WaitAsync(MeshInOneProcess.Patience);
        Task sending = SendAsync();
        byte[] buffer = new byte[4096];
        for (int i = 0; i < Messages; i++)
        {
            ValueWebSocketReceiveResult message = await socket.ReceiveAsync(buffer.AsMemory(), Cancel).AsTask().WaitAsync(MeshInOneProcess.Patience);
            Assert.Equal((4 + (i % 200), i), (message.Count, BitConverter.ToInt32(buffer)));
        }

        await sending;
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel).WaitAsync(MeshInOneProcess.Patience);

        async Task SendAsync()
        {
            for (int i = 0; i < Messages; i++)
                await socket.SendAsync(((byte[])[.. BitConverter.GetBytes(i), .. new byte[i % 200]]).AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, Cancel);
        }
    }

    [Theory]
    [InlineData("1.1", null)]
    [InlineData("2.0", "v2")]
    public async Task Upload_Large_ArrivesWithFlatMemory(string httpVersion, string? version)
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using HttpRequestMessage request = Request(HttpMethod.Post, "/upload", httpVersion, version);
        request.Content = new StreamContent(new ZeroStream(TransferBytes), 64 * 1024);
        var memory = new MemoryWatch();
        using HttpResponseMessage response = await memory.DuringAsync(client.SendAsync(request, Cancel));
        Assert.Equal(TransferBytes.ToString(CultureInfo.InvariantCulture), await response.Content.ReadAsStringAsync(Cancel));
        memory.CheckFlat();
    }

    [Theory]
    [InlineData("1.1", null)]
    [InlineData("2.0", "v2")]
    public async Task Download_Large_ArrivesWithFlatMemory(string httpVersion, string? version)
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using HttpRequestMessage request = Request(HttpMethod.Get, "/download", httpVersion, version);
        request.Headers.Add("x-bytes", TransferBytes.ToString(CultureInfo.InvariantCulture));
        using HttpResponseMessage response = await client.SendAsync(request, Cancel).WaitAsync(MeshInOneProcess.Patience);
        using Stream body = await response.Content.ReadAsStreamAsync(Cancel);
        var memory = new MemoryWatch();
        Assert.Equal(TransferBytes, await memory.DuringAsync(CountAsync(body)));
        memory.CheckFlat();
    }

    [Theory]
    [InlineData("1.1", null)]
    [InlineData("2.0", "v2")]
    public async Task Download_ClientDoesNotRead_PodIsStopped(string httpVersion, string? version)
    {
        const long Wanted = 1L << 30;
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using HttpRequestMessage request = Request(HttpMethod.Get, "/download", httpVersion, version);
        request.Headers.Add("x-bytes", Wanted.ToString(CultureInfo.InvariantCulture));
        using HttpResponseMessage response = await client.SendAsync(request, Cancel).WaitAsync(MeshInOneProcess.Patience);
        long before, written = 0;
        do
        {
            before = written;
            await Task.Delay(500, Cancel);
            written = mesh.Application.Written;
        }
        while (written != before || written == 0);
        // Windows of the two tunnels and the buffers between them.
        Assert.InRange(written, 1, 24L << 20);
    }

    [Fact]
    public async Task Response_Trailers_ReachTheClient()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using HttpRequestMessage request = Request(HttpMethod.Get, "/trailers", "2.0", "v2");
        using HttpResponseMessage response = await client.SendAsync(request, Cancel).WaitAsync(MeshInOneProcess.Patience);
        Assert.Equal("body", await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("42", response.TrailingHeaders.GetValues("x-checksum").Single());
    }

    [Fact]
    public async Task Events_FirstOfAStream_ArrivesBeforeTheSecondIsSent()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using HttpResponseMessage response = await client.SendAsync(Request(HttpMethod.Get, "/events", "1.1", null), Cancel).WaitAsync(MeshInOneProcess.Patience);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal("data: first", await reader.ReadLineAsync(Cancel).AsTask().WaitAsync(MeshInOneProcess.Patience));
        mesh.Application.Gate.TrySetResult();
        Assert.Equal("\ndata: second\n\n", await reader.ReadToEndAsync(Cancel).WaitAsync(MeshInOneProcess.Patience));
    }

    [Fact]
    public async Task Expect_Continue_BodyIsAskedForAndArrives()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        await WriteAsync(tunnel, "POST /upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await ReadUntilAsync(tunnel.Input, "\r\n\r\n"));
        await WriteAsync(tunnel, "hello");
        string answer = await ReadUntilAsync(tunnel.Input, null);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n1\r\n5\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1", null)]
    [InlineData("2.0", null)]
    [InlineData("1.1", "v2")]
    [InlineData("2.0", "v2")]
    public async Task Response_BeforeTheBodyWasSent_ReachesTheClient(string httpVersion, string? version)
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        if (httpVersion == "1.1")
        {
            string header = version is null ? "" : $"{DemoMesh.VersionHeader}: {version}\r\n";
            await WriteAsync(tunnel, $"POST /too-large HTTP/1.1\r\nHost: a\r\n{header}Content-Length: 1000000\r\n\r\nfirst bytes");
            string answer = await ReadUntilAsync(tunnel.Input, "\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
            Assert.Contains("Connection: close\r\n", answer, StringComparison.OrdinalIgnoreCase);
            return;
        }

        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using HttpRequestMessage request = Request(HttpMethod.Post, "/too-large", "2.0", version);
        var content = new PushContent("application/octet-stream");
        request.Content = content;
        Task<HttpResponseMessage> sending = client.SendAsync(request, Cancel);
        await (await content.Stream.WaitAsync(MeshInOneProcess.Patience)).WriteAsync("first bytes"u8.ToArray(), Cancel);
        using HttpResponseMessage response = await sending.WaitAsync(MeshInOneProcess.Patience);
        content.End();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Interim_BeforeTheAnswer_ReachTheClientWhenTheyComeWithoutHopByHopHeaders()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        await WriteAsync(tunnel, "GET /hints HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n", await ReadUntilAsync(tunnel.Input, "102 Processing\r\n\r\n"));
        mesh.Application.HintsSeen.TrySetResult();
        string answer = await ReadUntilAsync(tunnel.Input, "0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        // Over HTTP/2 they are dropped, and the answer is the same.
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using HttpResponseMessage response = await client.SendAsync(Request(HttpMethod.Get, "/hints", "2.0", null), Cancel).WaitAsync(MeshInOneProcess.Patience);
        Assert.Equal("done", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Request_TrailersOverHttp2_ReachThePodWithoutThoseThatMustNotBe()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        await tunnel.Output.WriteAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(4, 0, 0, [])], Cancel);
        for (int stream = 1; stream < 20; stream += 2)
        {
            byte[] head = Block((":method", "POST"), (":scheme", "http"), (":path", "/request-trailers"), (":authority", "a"), (DemoMesh.VersionHeader, "v2"));
            await tunnel.Output.WriteAsync((byte[])[.. Frame(1, 4, stream, head), .. Frame(0, 0, stream, Encoding.Latin1.GetBytes($"body{stream}"))], Cancel);
            await tunnel.Output.WriteAsync(Frame(1, 5, stream, Block(("x-checksum", $"sum{stream}"), ("authorization", "me"), ("x-long", new string('x', 500)))), Cancel);
            string text = $"[body{stream} sum{stream} 2]";
            Assert.Contains(text, await ReadUntilAsync(tunnel.Input, text), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Retry_InTheMiddleOfAnUpload_NextTryGetsItWholeAndTheConnectionGoesOn()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        int before = mesh.Application.Requests;
        await WriteAsync(tunnel, "POST /flaky HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
        while (mesh.Application.Requests < before + 2)
            await Task.Delay(10, Cancel);
        await WriteAsync(tunnel, "world");
        string answer = await ReadUntilAsync(tunnel.Input, "0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n2\r\n10\r\n", answer, StringComparison.Ordinal);
        await WriteAsync(tunnel, "GET /last HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Contains("ok", await ReadUntilAsync(tunnel.Input, "ok"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n", "hello", "world", "")]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n", "5\r\nworld\r\n", "0\r\n\r\n")]
    public async Task Echo_OverHttp11_EachPieceAnsweredBeforeTheNext(string framing, string first, string second, string end)
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        await WriteAsync(tunnel, $"POST /echo HTTP/1.1\r\nHost: a\r\n{framing}\r\n{first}");
        string answer = await ReadUntilAsync(tunnel.Input, "hello\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        await WriteAsync(tunnel, second);
        Assert.Contains("world\r\n", await ReadUntilAsync(tunnel.Input, "world\r\n"), StringComparison.Ordinal);
        await WriteAsync(tunnel, end);
        Assert.EndsWith("0\r\n\r\n", await ReadUntilAsync(tunnel.Input, null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_OfADownload_HasItsLengthAndNoBody()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        await WriteAsync(tunnel, "HEAD /download HTTP/1.1\r\nHost: a\r\nx-bytes: 1000\r\n\r\nGET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        string answers = await ReadUntilAsync(tunnel.Input, null);
        Assert.Contains("Content-Length: 1000", answers, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, answers.Split("HTTP/1.1 200 ").Length - 1);
        Assert.Contains("ok", answers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.0\r\nHost: a\r\n\r\n", 426)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", 403)]
    public async Task Send_RequestThatMustNotPass_RefusedAndThePodSeesNothing(string bytes, int status)
    {
        int before = mesh.Application.Requests;
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        await WriteAsync(tunnel, bytes);
        await tunnel.Output.CompleteAsync();
        string answer = await ReadUntilAsync(tunnel.Input, null);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(before, mesh.Application.Requests);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static HttpRequestMessage Request(HttpMethod method, string path, string httpVersion, string? version)
    {
        var request = new HttpRequestMessage(method, "http://greeter.demo" + path) { Version = Version.Parse(httpVersion), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (version is not null)
            request.Headers.Add(DemoMesh.VersionHeader, version);
        return request;
    }

    private static HttpRequestMessage Grpc(string path, HttpContent content)
    {
        HttpRequestMessage request = Request(HttpMethod.Post, path, "2.0", "v2");
        request.Headers.Add("te", "trailers");
        request.Content = content;
        return request;
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, (byte)stream, .. payload];

    /// <summary>Literals without indexing (RFC 7541, 6.2.2); values up to 637 bytes.</summary>
    private static byte[] Block(params (string Name, string Value)[] fields) =>
        [.. fields.SelectMany(static field => (byte[])[0, .. Literal(field.Name), .. Literal(field.Value)])];

    private static byte[] Literal(string text) =>
        text.Length < 127 ? [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)] : [127, (byte)(((text.Length - 127) & 0x7F) | 0x80), (byte)((text.Length - 127) >> 7), .. Encoding.Latin1.GetBytes(text)];

    private static async Task<long> CountAsync(Stream body)
    {
        long bytes = 0;
        byte[] buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, Cancel) is > 0 and var count)
            bytes += count;
        return bytes;
    }

    private static async Task WriteAsync(Tunnel tunnel, string text) => await tunnel.Output.WriteAsync(Encoding.Latin1.GetBytes(text), Cancel);

    /// <summary>Reads up to a text, or to the end.</summary>
    private static async Task<string> ReadUntilAsync(PipeReader input, string? end)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(Cancel).AsTask().WaitAsync(MeshInOneProcess.Patience);
            string text = Encoding.Latin1.GetString(read.Buffer.ToArray());
            if (read.IsCompleted || (end is not null && text.Contains(end, StringComparison.Ordinal)))
            {
                input.AdvanceTo(read.Buffer.End);
                return text;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
