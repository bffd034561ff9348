using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.EndToEnd.Tests;

/// <summary>A pod that streams: what it does is the request's path.</summary>
internal sealed class StreamApplication : IHttpApplication<DefaultHttpContext>
{
    private int _requests;
    private int _flaky;
    private long _written;

    /// <summary>Requests seen.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Bytes of the running download that were taken from the pod.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Ends what waits on purpose.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends what waits until its interim responses were seen.</summary>
    public TaskCompletionSource HintsSeen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

    public Task ProcessRequestAsync(DefaultHttpContext context)
    {
        Interlocked.Increment(ref _requests);
        return context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget switch
        {
            "/echo" => EchoAsync(context),
            "/upload" => UploadAsync(context),
            "/download" => DownloadAsync(context),
            "/too-large" => RefuseAsync(context),
            "/request-trailers" => RequestTrailersAsync(context),
            "/hints" => HintsAsync(context),
            "/flaky" => FlakyAsync(context),
            "/wait" => WaitAsync(context),
            "/trailers" => TrailersAsync(context),
            "/events" => EventsAsync(context),
            "/websocket" => WebSocketAsync(context),
            "/grpc/collect" => CollectAsync(context),
            "/grpc/expand" => ExpandAsync(context),
            _ => context.Response.Body.WriteAsync("ok"u8.ToArray()).AsTask(),
        };
    }

    public void DisposeContext(DefaultHttpContext context, Exception? exception)
    {
    }

    private static async Task EchoAsync(DefaultHttpContext context)
    {
        bool isGrpc = context.Request.ContentType == "application/grpc";
        context.Response.ContentType = context.Request.ContentType;
        byte[] buffer = new byte[64 * 1024];
        await context.Response.StartAsync();
        while (await context.Request.Body.ReadAsync(buffer) is > 0 and var count)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count));
            await context.Response.Body.FlushAsync();
        }

        if (isGrpc)
            context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task UploadAsync(DefaultHttpContext context)
    {
        long bytes = 0;
        byte[] buffer = new byte[64 * 1024];
        while (await context.Request.Body.ReadAsync(buffer) is > 0 and var count)
            bytes += count;
        await context.Response.WriteAsync(bytes.ToString(CultureInfo.InvariantCulture));
    }

    private async Task DownloadAsync(DefaultHttpContext context)
    {
        long left = long.Parse(context.Request.Headers["x-bytes"].ToString(), CultureInfo.InvariantCulture);
        Volatile.Write(ref _written, 0);
        context.Response.ContentLength = left;
        byte[] buffer = new byte[64 * 1024];
        while (left > 0)
        {
            int count = (int)Math.Min(left, buffer.Length);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            Interlocked.Add(ref _written, count);
            left -= count;
        }
    }

    private static Task RefuseAsync(DefaultHttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    }

    private static async Task RequestTrailersAsync(DefaultHttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        string text = await body.ReadToEndAsync();
        IHeaderDictionary trailers = context.Features.GetRequiredFeature<IHttpRequestTrailersFeature>().Trailers;
        await context.Response.WriteAsync($"[{text} {trailers["x-checksum"]} {trailers.Count}]");
    }

    private async Task HintsAsync(DefaultHttpContext context)
    {
        await context.Features.GetRequiredFeature<Tunnel>().Output.WriteAsync(
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: x-hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"u8.ToArray());
        await HintsSeen.Task;
        await context.Response.WriteAsync("done");
    }

    private Task FlakyAsync(DefaultHttpContext context)
    {
        if (Interlocked.Increment(ref _flaky) % 2 == 0)
            return UploadAsync(context);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private async Task WaitAsync(DefaultHttpContext context)
    {
        await Gate.Task;
        await UploadAsync(context);
    }

    private static async Task TrailersAsync(DefaultHttpContext context)
    {
        await context.Response.WriteAsync("body");
        context.Response.AppendTrailer("x-checksum", "42");
    }

    private async Task EventsAsync(DefaultHttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: first\n\n");
        await context.Response.Body.FlushAsync();
        await Gate.Task;
        await context.Response.WriteAsync("data: second\n\n");
    }

    private static async Task WebSocketAsync(DefaultHttpContext context)
    {
        string key = context.Request.Headers["sec-websocket-key"].ToString();
#pragma warning disable CA5350 // RFC 6455 says SHA-1
        context.Response.Headers["sec-websocket-accept"] = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        context.Response.Headers.Upgrade = "websocket";
        using Stream stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        byte[] buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } message)
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, CancellationToken.None);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private static async Task CollectAsync(DefaultHttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        int count = 0;
        while (await GrpcMessage.ReadAsync(context.Request.Body) is not null)
            count++;
        await GrpcMessage.WriteAsync(context.Response.Body, BitConverter.GetBytes(count));
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task ExpandAsync(DefaultHttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        byte[] wanted = await GrpcMessage.ReadAsync(context.Request.Body) ?? [];
        for (int i = 0; i < BitConverter.ToInt32(wanted); i++)
            await GrpcMessage.WriteAsync(context.Response.Body, BitConverter.GetBytes(i));
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
