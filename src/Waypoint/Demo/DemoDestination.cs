using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tls;

namespace Waypoint.Demo;

/// <summary>The destination side of the demo: the pods' ztunnel, as one HBONE endpoint that leads every CONNECT to the pod it names. The pods are HTTP servers
/// on the tunnels themselves; nothing listens on their ports.</summary>
internal sealed class DemoDestination : IConnectHandler, IAsyncDisposable
{
    private static readonly TunnelEndPoint Inside = new("pods");
    private readonly WebApplication _services;
    private readonly IServer _server;
    private readonly TunnelTransport _transport;
    private readonly HboneListener _listener;

    public DemoDestination(TlsIdentitySource identity, TimeProvider time, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<TunnelTransport>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(static services => services.GetRequiredService<TunnelTransport>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(Inside, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        _services = builder.Build();
        _server = _services.Services.GetRequiredService<IServer>();
        _transport = _services.Services.GetRequiredService<TunnelTransport>();
        _listener = new HboneListener(new HboneListenerOptions { EndPoints = [new IPEndPoint(IPAddress.Loopback, DemoMesh.DestinationPort)] }, identity, this, time, loggers);
    }

    public async Task StartAsync(CancellationToken cancellation)
    {
        await _server.StartAsync(new DemoApplication(), cancellation);
        _listener.Start();
    }

    public ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{request.Host}:{request.Port}");
        var version = DemoMesh.Pods.FirstOrDefault(p => p.Address == address).Version;
        if (version is null)
        {
            // As a ztunnel answers for an address that is none of its pods.
            request.Reject(400);
            return ValueTask.CompletedTask;
        }
        var connection = new TunnelConnectionContext(request.Accept(), null);
        connection.Features.Set(new DemoPod($"greeter-{version}", version, request.PeerIdentity.Uri));
        if (!_transport.Dispatch(Inside, connection))
            connection.Abort();
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
