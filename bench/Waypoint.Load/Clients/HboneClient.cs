using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tls;
using Waypoint.Hbone.Tunnels;
using Waypoint.Load.Mesh;
using Waypoint.Model.Identity;

namespace Waypoint.Load.Clients;

/// <summary>Opens tunnels to a waypoint without a TCP connection in front.</summary>
internal sealed class HboneClient(TlsIdentity identity, IPEndPoint waypoint, string authority) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly TunnelPool _pool = new(
        new TunnelPoolOptions { MaxConnectionsPerEndpoint = 1024 }, new TlsIdentitySource(identity), new SocketDialer(), TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>Opens a tunnel; those with the same number share a connection.</summary>
    public async Task<Tunnel> OpenAsync(int connection, CancellationToken stop) => await _pool.ConnectAsync(
        new TunnelTarget
        {
            HboneAddress = waypoint,
            Authority = authority,
            Expected = ExpectedPeer.InTrustDomains(MeshShape.TrustDomain),
            EndpointUid = $"connection-{connection}",
        }, ConnectTimeout, stop);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
