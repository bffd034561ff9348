using System.Net;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Tls;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Originate;

/// <summary>Opens tunnels to destinations over pooled HBONE connections. A connection is shared by targets with the same address, uid and expected identity. Thread-safe.</summary>
public sealed class TunnelPool : IAsyncDisposable
{
    /// <summary>An empty pool.</summary>
    public TunnelPool(TunnelPoolOptions options, TlsIdentitySource identities, IHboneDialer dialer, TimeProvider time, ILoggerFactory loggers)
    {
    }

    /// <summary>Open connections, for metrics.</summary>
    public int ConnectionCount { get; }

    /// <summary>Opens a tunnel: on a pooled connection, or on a new one. Throws <see cref="TunnelConnectException"/>; no tunnel byte was sent then.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="connectTimeout">TCP, TLS and the answer to CONNECT together.</param>
    /// <param name="cancellationToken">Client gone.</param>
    public ValueTask<Tunnel> ConnectAsync(TunnelTarget target, TimeSpan connectTimeout, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>An endpoint is gone: its connections take no new tunnels.</summary>
    /// <param name="address">HBONE address of the endpoint.</param>
    /// <param name="endpointUid">Its uid, or null for whatever is pooled under the address.</param>
    /// <param name="cutLiveTunnels">True when the address now belongs to somebody else: open tunnels are reset. False lets them end.</param>
    public void Retire(IPEndPoint address, string? endpointUid, bool cutLiveTunnels) => throw new NotImplementedException();

    /// <summary>Closes all connections; open tunnels are reset.</summary>
    public ValueTask DisposeAsync() => default;
}
