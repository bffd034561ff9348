using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Waypoint.Proxy.Tests.Upstream.Pools;

/// <summary>An HTTP server on a real socket that tells by which connection each request came.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HttpServer(WebApplication application) => _application = application;

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Connection of every request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Connections that have ended.</summary>
    public ConcurrentDictionary<string, bool> Closed { get; } = new();

    /// <summary>Lets requests to /wait be answered.</summary>
    public void Go() => _go.TrySetResult();

    public static async Task<HttpServer> StartAsync(HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        HttpServer? server = null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.Use(next => async connection =>
            {
                await next(connection);
                server!.Closed[connection.ConnectionId] = true;
            });
        }));
        WebApplication application = builder.Build();
        server = new HttpServer(application);
        application.Run(async context =>
        {
            server.Requests.Enqueue(context.Connection.Id);
            if (context.Request.Path == "/wait")
                await server._go.Task;
            await context.Response.WriteAsync(context.Connection.Id);
        });
        await application.StartAsync();
        server.EndPoint = IPEndPoint.Parse(new Uri(application.Urls.First()).Authority);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Go();
        await _application.DisposeAsync();
    }
}
