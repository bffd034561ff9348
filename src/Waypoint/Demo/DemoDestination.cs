using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tls;

namespace Waypoint.Demo;

/// <summary>The destination side of the demo: the pods' ztunnel, as one HBONE endpoint that leads every CONNECT to the pod it names. The pods are HTTP servers
/// on the tunnels themselves; nothing listens on their ports.</summary>
internal sealed class DemoDestination : IConnectHandler, IAsyncDisposable
{
    private readonly TunnelTransport _transport = new();
    private readonly HboneListener _listener;
    private readonly List<(KestrelServer Server, DemoPod Pod)> _pods = [];

    public DemoDestination(TlsIdentitySource identity, TimeProvider time, ILoggerFactory loggers)
    {
        var options = new HboneListenerOptions { EndPoints = [new IPEndPoint(IPAddress.Loopback, DemoMesh.DestinationPort)] };
        _listener = new HboneListener(options, identity, this, time, loggers);
        foreach (var (version, address) in DemoMesh.Pods)
        {
            var kestrel = new KestrelServerOptions { AddServerHeader = false };
            kestrel.Listen(new TunnelEndPoint(address), listen => listen.Protocols = HttpProtocols.Http1);
            _pods.Add((new KestrelServer(Microsoft.Extensions.Options.Options.Create(kestrel), _transport, loggers), new DemoPod($"greeter-{version}", version)));
        }
    }

    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var (server, pod) in _pods)
            await server.StartAsync(pod, cancellation);
        _listener.Start();
    }

    public ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{request.Host}:{request.Port}");
        if (!DemoMesh.Pods.Any(p => p.Address == address))
        {
            // As a ztunnel answers for an address that is none of its pods.
            request.Reject(400);
            return ValueTask.CompletedTask;
        }
        var connection = new TunnelConnectionContext(request.Accept(), null);
        connection.Features.Set(new DemoPeer(request.PeerIdentity.Uri));
        if (!_transport.Dispatch(new TunnelEndPoint(address), connection))
            connection.Abort();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        foreach (var (server, _) in _pods)
        {
            await server.StopAsync(atOnce.Token);
            server.Dispose();
        }
    }
}
