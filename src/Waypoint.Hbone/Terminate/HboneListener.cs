using System.Net;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Tls;

namespace Waypoint.Hbone.Terminate;

/// <summary>Accepts HBONE connections (mutual TLS 1.3, HTTP/2, CONNECT only) and hands every CONNECT to an <see cref="IConnectHandler"/>.</summary>
public sealed class HboneListener : IAsyncDisposable
{
    /// <summary>A listener that is not bound yet.</summary>
    public HboneListener(HboneListenerOptions options, TlsIdentitySource identities, IConnectHandler handler, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        EndPoints = options.EndPoints;
    }

    /// <summary>Where it listens, with the ports that were taken.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; }

    /// <summary>Established HBONE connections.</summary>
    public int ConnectionCount { get; }

    /// <summary>Open tunnels of all connections.</summary>
    public int TunnelCount { get; }

    /// <summary>Binds and starts to accept. Throws at once when an address is taken.</summary>
    public void Start() => throw new NotImplementedException();

    /// <summary>Stops accepting, asks every peer to take its next connections elsewhere (GOAWAY in two steps) and waits until the tunnels have ended or the time is over; what is
    /// left is then reset.</summary>
    /// <param name="timeout">How long tunnels may go on.</param>
    /// <param name="cancellationToken">Shutdown at once.</param>
    public Task DrainAsync(TimeSpan timeout, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Stops accepting and cuts every connection.</summary>
    public ValueTask DisposeAsync() => default;
}
