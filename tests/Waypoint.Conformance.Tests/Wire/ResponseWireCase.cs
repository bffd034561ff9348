using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Wire;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>A case about the bytes of an upstream: a raw server on loopback, and in front of it the HTTP client over the proxy's own stream.</summary>
internal sealed class ResponseWireCase : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);

    private readonly JsonElement _case;
    private readonly JsonElement _expect;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HttpMessageInvoker _client;
    private readonly List<Socket> _accepted = [];
    private readonly Pipe _client1xx = new();
    private readonly ResponseOutput _interims;

    private ResponseWireCase(JsonElement testCase, JsonElement expect)
    {
        (_case, _expect) = (testCase, expect);
        _interims = new ResponseOutput(_client1xx.Writer);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Http1Config config = WireCaseSettings.Read(testCase, Http1Config.UpstreamDefault);
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxResponseHeadersLength = 128,
            RequestHeaderEncodingSelector = RequestBeingWritten.EncodingOf,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(_listener.LocalEndPoint!, cancellation);
                return new Http1UpstreamStream(new NetworkStream(socket, ownsSocket: true), config);
            },
        });
    }

    internal static async Task RunAsync(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("accepted", "error", "headers", "body", "complete", "status", "end_of_response", "body_delivered", "headers_delivered", "informational", "informational_headers");
        using var running = new ResponseWireCase(testCase, expect);
        await (testCase.Find("request") is null ? running.RunPrematureAsync() : running.RunAnsweredAsync());
    }

    public void Dispose()
    {
        _client.Dispose();
        _listener.Dispose();
        foreach (Socket socket in _accepted)
            socket.Dispose();
    }

    private async Task RunAnsweredAsync()
    {
        using var stop = new CancellationTokenSource(Patience);
        Task server = ServeAsync(stop.Token);
        bool accepted = _expect.GetProperty("accepted").GetBoolean();
        Task<HttpResponseMessage> sending = _client.SendAsync(Request(), stop.Token);
        if (!(_expect.Find("complete")?.GetBoolean() ?? true))
        {
            await server;
            await Task.WhenAny(sending, Task.Delay(Quiet));
            Assert.False(sending.IsCompleted, "the head is not complete");
            await stop.CancelAsync();
            await sending.ContinueWith(static _ => { }, TaskScheduler.Default);
            return;
        }

        if (!accepted && !(_expect.Find("headers_delivered")?.GetBoolean() ?? false) && _expect.Text("body_delivered") is null)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => ReadWholeAsync(sending).WaitAsync(Patience));
            Assert.False(stop.IsCancellationRequested);
            return;
        }

        using HttpResponseMessage response = await sending;
        await server;
        if (accepted)
            await CheckAcceptedAsync(response);
        else if (_expect.Text("body_delivered") is { } delivered)
            await CheckCutAsync(response, delivered);
        else
            await CheckNotReusedAsync(response, stop.Token);
    }

    /// <summary>Bytes on a connection that carries no request: they reach nobody, and the connection is used no more.</summary>
    private async Task RunPrematureAsync()
    {
        using var stop = new CancellationTokenSource(Patience);
        Task<Socket> first = AnswerPlainlyAsync(stop.Token);
        using (HttpResponseMessage before = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://host/"), stop.Token))
            await before.Content.ReadAsByteArrayAsync(stop.Token);
        Socket idle = await first;
        foreach (byte[] part in WireBytes.PartsOf(_case.GetProperty("wire")))
            await idle.SendAsync(part, stop.Token);
        await Task.Delay(Quiet, stop.Token);
        await CheckNextIsCleanAsync(stop.Token);
    }

    private async Task CheckAcceptedAsync(HttpResponseMessage response)
    {
        if (_expect.Number("status") is { } status)
            Assert.Equal((int)status, (int)response.StatusCode);
        if (_expect.Find("headers") is { } headers)
            Assert.Equal(headers.HeaderPairs().Order(PairOrder.Instance), HeadersOf(response).Order(PairOrder.Instance));
        if (_expect.Find("informational") is { } interims)
            CheckInterims(interims);
        string expected = _expect.Text("body") ?? "";
        using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] read = new byte[expected.Length];
        await body.ReadExactlyAsync(read).AsTask().WaitAsync(Patience);
        Assert.Equal(expected, Encoding.UTF8.GetString(read));
        if (_expect.Find("end_of_response") is not { } ends)
            return;
        Task<int> rest = body.ReadAsync(new byte[1]).AsTask();
        if (ends.GetBoolean())
            Assert.Equal(0, await rest.WaitAsync(Patience));
        else
            Assert.NotSame(rest, await Task.WhenAny(rest, Task.Delay(Quiet)));
    }

    /// <summary>What reached the client before the response.</summary>
    private void CheckInterims(JsonElement expected)
    {
        Assert.True(_client1xx.Reader.TryRead(out ReadResult read));
        string[] heads = Encoding.Latin1.GetString(read.Buffer.ToArray()).Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries);
        _client1xx.Reader.AdvanceTo(read.Buffer.End);
        Assert.Equal(expected.EnumerateArray().Select(static status => $"HTTP/1.1 {status.GetInt32()} "), heads.Select(static head => head[.."HTTP/1.1 100 ".Length]));
        IEnumerable<KeyValuePair<string, string>> headers = heads.SelectMany(static head => head.Split("\r\n").Skip(1)).Select(static line => line.Split(": ", 2))
            .Select(static parts => KeyValuePair.Create(parts[0].ToLowerInvariant(), parts[1]));
        Assert.Equal(_expect.Find("informational_headers")?.HeaderPairs() ?? [], headers);
    }

    private static async Task ReadWholeAsync(Task<HttpResponseMessage> sending)
    {
        using HttpResponseMessage response = await sending;
        await response.Content.ReadAsByteArrayAsync();
    }

    private static async Task CheckCutAsync(HttpResponseMessage response, string delivered)
    {
        using Stream body = await response.Content.ReadAsStreamAsync();
        var read = new MemoryStream();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(read).WaitAsync(Patience));
        Assert.Equal(delivered, Encoding.UTF8.GetString(read.ToArray()));
    }

    private async Task CheckNotReusedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await response.Content.ReadAsByteArrayAsync(cancellation);
        await CheckNextIsCleanAsync(cancellation);
    }

    private async Task CheckNextIsCleanAsync(CancellationToken cancellation)
    {
        int connections = _accepted.Count;
        Task<Socket> next = AnswerPlainlyAsync(cancellation);
        using HttpResponseMessage response = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://host/next"), cancellation);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        await next;
        Assert.Equal(connections + 1, _accepted.Count);
    }

    private async Task<Socket> AnswerPlainlyAsync(CancellationToken cancellation)
    {
        Socket socket = await AcceptRequestAsync(cancellation);
        await socket.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), cancellation);
        return socket;
    }

    private async Task ServeAsync(CancellationToken cancellation)
    {
        Socket socket = await AcceptRequestAsync(cancellation);
        foreach (byte[] part in WireBytes.PartsOf(_case.GetProperty("wire")))
            await socket.SendAsync(part, cancellation);
        bool ends = _case.Find("end_of_input")?.GetBoolean() ?? false;
        if (ends)
            socket.Shutdown(SocketShutdown.Send);
    }

    private async Task<Socket> AcceptRequestAsync(CancellationToken cancellation)
    {
        Socket socket = await _listener.AcceptAsync(cancellation);
        _accepted.Add(socket);
        byte[] buffer = new byte[4096];
        var text = new StringBuilder();
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int count = await socket.ReceiveAsync(buffer, cancellation);
            Assert.NotEqual(0, count);
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return socket;
    }

    private UpstreamRequest Request()
    {
        JsonElement request = _case.GetProperty("request");
        request.RequireOnly("method", "path", "authority", "headers");
        var message = new UpstreamRequest(new InterimTarget(_interims, _interims.Begin(isHttp10: false)))
        {
            Method = new HttpMethod(request.Text("method")!),
            RequestUri = new Uri("http://host" + (request.Text("path") ?? "/")),
        };
        message.Headers.Host = request.Text("authority");
        foreach (KeyValuePair<string, string> header in request.Find("headers") is { } headers ? headers.HeaderPairs() : [])
            message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        return message;
    }

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(HttpResponseMessage response)
    {
        yield return KeyValuePair.Create(":status", ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (var header in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            foreach (string value in header.Value)
                yield return KeyValuePair.Create(header.Key.ToLowerInvariant(), value);
        }
    }
}
