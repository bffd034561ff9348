using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Demo;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tls;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.EndToEnd.Tests;

/// <summary>The destination's ztunnel with two pods that stream: version 1 speaks HTTP/1.1, version 2 HTTP/2.</summary>
internal sealed class StreamDestination : IConnectHandler, IAsyncDisposable
{
    private static readonly TunnelEndPoint Http1 = new("pods-http1");
    private static readonly TunnelEndPoint Http2 = new("pods-http2");
    private readonly StreamApplication _application;
    private readonly WebApplication _services;
    private readonly IServer _server;
    private readonly TunnelTransport _transport;
    private readonly HboneListener _listener;

    public StreamDestination(StreamApplication application, TlsIdentitySource identity)
    {
        _application = application;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddSingleton<TunnelTransport>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(static services => services.GetRequiredService<TunnelTransport>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(Http1, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(Http2, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        _services = builder.Build();
        _server = _services.Services.GetRequiredService<IServer>();
        _transport = _services.Services.GetRequiredService<TunnelTransport>();
        var options = new HboneListenerOptions { EndPoints = [new IPEndPoint(IPAddress.Loopback, DemoMesh.DestinationPort)] };
        _listener = new HboneListener(options, identity, this, TimeProvider.System, NullLoggerFactory.Instance);
    }

    internal async Task StartAsync(CancellationToken cancellation)
    {
        await _server.StartAsync(_application, cancellation);
        _listener.Start();
    }

    public ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        string address = string.Create(CultureInfo.InvariantCulture, $"{request.Host}:{request.Port}");
        bool isHttp1 = address == DemoMesh.Pods[0].Address;
        Tunnel tunnel = request.Accept();
        var connection = new TunnelConnectionContext(tunnel, null);
        // For answers that the server cannot give.
        connection.Features.Set(tunnel);
        if (!_transport.Dispatch(isHttp1 ? Http1 : Http2, connection))
            throw new InvalidOperationException("The pods' server does not listen.");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _server.StopAsync(atOnce.Token);
        await _services.DisposeAsync();
    }
}
