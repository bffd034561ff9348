using System.IO.Pipelines;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Inbound;

/// <summary>Waits with a connection that may not pass until its client speaks: that is when Envoy asks its network filters, and what clients and tests see. Nothing is copied.</summary>
internal static class TcpDenial
{
    /// <summary>Returns when the client has sent a byte or its end of data, or the connection's own limits end it; the caller then closes it.</summary>
    public static async Task RunAsync(Tunnel downstream, TcpUpstream upstream, TcpProxyConfig config, TcpSession session, TimeProvider time, CancellationToken cancellationToken)
    {
        using var watch = new TcpSessionWatch(config, session, time, () =>
        {
            downstream.Abort(TunnelReset.Cancel);
            upstream.Abort();
        });
        using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static state => ((TcpSessionWatch)state!).Cut("shutdown"), watch);
        try
        {
            ReadResult read = await downstream.Input.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            session.Count(fromClient: true, read.Buffer.Length);
            downstream.Input.AdvanceTo(read.Buffer.End);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Reset by the client or cut by the watch: there is nothing left to deny.
        }
    }
}
