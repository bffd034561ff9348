using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Upstream;

/// <summary>Uploads to raw HTTP/1.1 servers on loopback, through the HTTP client as the proxy uses it.</summary>
public sealed class UploadTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HttpMessageInvoker _client;
    private readonly Pipe _body = new();
    private int _connections;

    public UploadTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            RequestHeaderEncodingSelector = RequestBeingWritten.EncodingOf,
            ConnectCallback = async (_, cancellation) =>
            {
                _connections++;
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(_listener.LocalEndPoint!, cancellation);
                return new Http1UpstreamStream(new NetworkStream(socket, ownsSocket: true), Http1Config.UpstreamDefault);
            },
        });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _listener.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_InTheMiddleOfTheBody_ReadAtOnceAndTheBodyNoMore(bool chunked)
    {
        (Task<HttpResponseMessage> sending, Task copying) = Send(chunked ? null : UploadContent.MaxLength);
        using Socket server = await _listener.AcceptAsync(Cancel);
        await ReceiveUntilAsync(server, "\r\n\r\n");
        await _body.Writer.WriteAsync("begin"u8.ToArray(), Cancel);
        await ReceiveUntilAsync(server, chunked ? "begin\r\n" : "begin");
        await server.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nmore"u8.ToArray(), Cancel);
        using HttpResponseMessage response = await sending.WaitAsync(Patience, Cancel);
        Assert.Equal((HttpStatusCode)413, response.StatusCode);
        Assert.True(response.Headers.ConnectionClose);
        Assert.Equal("more", await response.Content.ReadAsStringAsync(Cancel));
        // Nobody waits for the client any more, and the connection is given up.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying.WaitAsync(Patience, Cancel));
        Assert.Equal("", await ReceiveUntilAsync(server, null));
    }

    [Fact]
    public async Task Answer_ThatClosesWithoutALength_ReadToItsEnd()
    {
        (Task<HttpResponseMessage> sending, _) = Send(1000);
        using Socket server = await _listener.AcceptAsync(Cancel);
        await ReceiveUntilAsync(server, "\r\n\r\n");
        await server.SendAsync("HTTP/1.1 401 Unauthorized\r\n\r\nwho are you"u8.ToArray(), Cancel);
        server.Shutdown(SocketShutdown.Both);
        using HttpResponseMessage response = await sending.WaitAsync(Patience, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("who are you", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(null, "5\r\nfirst\r\n", "6\r\nsecond\r\n", "0\r\n\r\n")]
    [InlineData(11L, "first", "second", "")]
    public async Task Answer_ThatGrowsWithTheBody_BothGoOn(long? length, string first, string second, string end)
    {
        (Task<HttpResponseMessage> sending, Task copying) = Send(length);
        using Socket server = await _listener.AcceptAsync(Cancel);
        await ReceiveUntilAsync(server, "\r\n\r\n");
        await server.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"u8.ToArray(), Cancel);
        using HttpResponseMessage response = await sending.WaitAsync(Patience, Cancel);
        await _body.Writer.WriteAsync("first"u8.ToArray(), Cancel);
        Assert.Equal(first, await ReceiveUntilAsync(server, first));
        await _body.Writer.WriteAsync("second"u8.ToArray(), Cancel);
        Assert.Equal(second, await ReceiveUntilAsync(server, second));
        await _body.Writer.CompleteAsync();
        if (end.Length > 0)
            Assert.Equal(end, await ReceiveUntilAsync(server, end));
        await copying.WaitAsync(Patience, Cancel);
        await server.SendAsync("1\r\nb\r\n0\r\n\r\n"u8.ToArray(), Cancel);
        Assert.Equal("ab", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5L)]
    public async Task Answer_AfterTheBody_ConnectionIsUsedAgain(long? length)
    {
        for (int i = 0; i < 2; i++)
        {
            if (i > 0)
            {
                await _body.Reader.CompleteAsync();
                _body.Reset();
            }

            await _body.Writer.WriteAsync("hello"u8.ToArray(), Cancel);
            await _body.Writer.CompleteAsync();
            (Task<HttpResponseMessage> sending, _) = Send(length);
            if (i == 0)
                _server = await _listener.AcceptAsync(Cancel);
            Assert.EndsWith(length is null ? "5\r\nhello\r\n0\r\n\r\n" : "\r\n\r\nhello", await ReceiveUntilAsync(_server!, length is null ? "0\r\n\r\n" : "hello"), StringComparison.Ordinal);
            await _server!.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), Cancel);
            using HttpResponseMessage response = await sending.WaitAsync(Patience, Cancel);
            Assert.Equal("ok", await response.Content.ReadAsStringAsync(Cancel));
        }

        Assert.Equal(1, _connections);
        _server!.Dispose();
    }

    [Fact]
    public async Task Upstream_ThatClosesInTheMiddle_RequestFailsAtOnce()
    {
        (Task<HttpResponseMessage> sending, Task copying) = Send(1000);
        using (Socket server = await _listener.AcceptAsync(Cancel))
            await ReceiveUntilAsync(server, "\r\n\r\n");
        await Assert.ThrowsAsync<HttpRequestException>(() => sending.WaitAsync(Patience, Cancel));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying.WaitAsync(Patience, Cancel));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1000L)]
    public async Task Client_ThatFailsInTheMiddle_UpstreamSeesNoEndOfTheBody(long? length)
    {
        (Task<HttpResponseMessage> sending, _) = Send(length);
        using Socket server = await _listener.AcceptAsync(Cancel);
        await ReceiveUntilAsync(server, "\r\n\r\n");
        await _body.Writer.CompleteAsync(new IOException("client gone"));
        await Assert.ThrowsAsync<HttpRequestException>(() => sending.WaitAsync(Patience, Cancel));
        Assert.Equal("", await ReceiveUntilAsync(server, null));
    }

    [Fact]
    public async Task Body_ShorterThanAnnounced_ConnectionIsCut()
    {
        await _body.Writer.WriteAsync("short"u8.ToArray(), Cancel);
        await _body.Writer.CompleteAsync();
        (Task<HttpResponseMessage> sending, _) = Send(6);
        using Socket server = await _listener.AcceptAsync(Cancel);
        Assert.EndsWith("\r\n\r\nshort", await ReceiveUntilAsync(server, null), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => sending.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task Expect_FinalAnswerInsteadOf100_BodyIsNotAskedFor()
    {
        (Task<HttpResponseMessage> sending, Task copying) = Send(10, expect: true);
        using Socket server = await _listener.AcceptAsync(Cancel);
        await ReceiveUntilAsync(server, "\r\n\r\n");
        await server.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Cancel);
        using HttpResponseMessage response = await sending.WaitAsync(Patience, Cancel);
        Assert.True(response.Headers.ConnectionClose);
        Assert.Equal("", await ReceiveUntilAsync(server, null));
        Assert.False(copying.IsCompleted);
    }

    private Socket? _server;

    private (Task<HttpResponseMessage> Sending, Task Copying) Send(long? length, bool expect = false)
    {
        var body = new PipeContent(_body.Reader);
        var request = new HttpRequestMessage(HttpMethod.Post, "http://host/upload") { Content = new UploadContent(body) };
        request.Content.Headers.ContentLength = length;
        request.Headers.Add("x-any", "1");
        request.Headers.ExpectContinue = expect;
        return (_client.SendAsync(request, Cancel), body.Copied);
    }

    private static async Task<string> ReceiveUntilAsync(Socket socket, string? end)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (end is null || !text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            int count;
            try
            {
                count = await socket.ReceiveAsync(buffer, Cancel).AsTask().WaitAsync(Patience, Cancel);
            }
            catch (SocketException)
            {
                count = 0;
            }

            if (count == 0)
                return text.ToString();
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    /// <summary>As the forwarder's content: copies what a client sends.</summary>
    private sealed class PipeContent(PipeReader reader) : HttpContent
    {
        private readonly TaskCompletionSource _copied = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Copied => _copied.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            try
            {
                await reader.CopyToAsync(stream, cancellationToken);
                _copied.SetResult();
            }
            catch (Exception failure)
            {
                _copied.SetException(failure);
                throw;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
