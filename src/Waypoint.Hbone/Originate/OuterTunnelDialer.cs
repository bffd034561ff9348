using System.Net;

namespace Waypoint.Hbone.Originate;

/// <summary>Dials through a tunnel: the connection under a nested HBONE connection.</summary>
internal sealed class OuterTunnelDialer(TunnelPool tunnels, TunnelTarget outer, TimeSpan timeout) : IHboneDialer
{
    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) =>
        new Tunnels.TunnelStream(await tunnels.ConnectAsync(outer, timeout, cancellationToken).ConfigureAwait(false));
}
