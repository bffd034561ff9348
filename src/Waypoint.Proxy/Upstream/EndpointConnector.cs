using System.Net;
using System.Net.Sockets;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Proxy.Upstream.Pools;
using Waypoint.Proxy.Upstream.Tls;

namespace Waypoint.Proxy.Upstream;

/// <summary>Opens connections to endpoints, layer by layer: a tunnel over HBONE for pods of the mesh or a plain socket for the rest, then the PROXY header, then TLS.
/// Every failure is an <see cref="UpstreamConnectException"/> with its reason; the cluster's connect timeout is for all layers together.</summary>
internal sealed class EndpointConnector(EndpointTunnels tunnels, EndpointSockets sockets, UpstreamTls tls, TimeProvider time)
{
    /// <summary>Opens a connection for the HTTP pools.</summary>
    public async ValueTask<Stream> OpenStreamAsync(ClusterConfig cluster, Endpoint endpoint, Version version, PoolVariant variant, CancellationToken cancellation)
    {
        UpstreamLink link = await OpenAsync(cluster, endpoint, variant, cancellation).ConfigureAwait(false);
        return version == HttpVersion.Version20 ? new Http2UpstreamStream(link.ToStream()) : new Http1UpstreamStream(link.ToStream(), cluster.Http1);
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="cluster">What is configured.</param>
    /// <param name="endpoint">Where to.</param>
    /// <param name="variant">What of the request or its client the connection depends on.</param>
    /// <param name="cancellation">Client gone.</param>
    public async ValueTask<UpstreamLink> OpenAsync(ClusterConfig cluster, Endpoint endpoint, PoolVariant variant, CancellationToken cancellation)
    {
        TransportSocketChoice socket = TransportSocketChooser.Of(cluster, endpoint);
        if (socket.RefusedBecause is { } refusal)
        {
            throw new UpstreamConnectException(FailureReason.ClusterUnsupported, refusal);
        }

        bool inTunnel = endpoint.Kind is EndpointKind.Hbone or EndpointKind.DoubleHbone;
        bool wrapped = socket.Tls is not null || socket.ProxyProtocol != ProxyProtocolVersion.None;
        if (inTunnel && !wrapped)
        {
            // The common case: the tunnel has a deadline of its own.
            return new UpstreamLink(await tunnels.OpenAsync(endpoint, variant.Worker, cluster.ConnectTimeout, cancellation).ConfigureAwait(false), null, null);
        }

        using var deadline = new CancellationTokenSource(cluster.ConnectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            UpstreamLink link = inTunnel
                ? new UpstreamLink(await tunnels.OpenAsync(endpoint, variant.Worker, cluster.ConnectTimeout, linked.Token).ConfigureAwait(false), null, null)
                : new UpstreamLink(null, await sockets.OpenAsync(cluster, endpoint, linked.Token).ConfigureAwait(false), null);
            return !wrapped
                ? link
                : await WrapAsync(link, socket, cluster, endpoint, variant, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new UpstreamConnectException(FailureReason.ConnectTimeout, $"no connection to {endpoint.AddressText} within {cluster.ConnectTimeout.TotalSeconds} s");
        }
    }

    /// <summary>Why the endpoint cannot be reached at all, or null.</summary>
    public static string? RefusalOf(ClusterConfig cluster, Endpoint endpoint) => TransportSocketChooser.Of(cluster, endpoint).RefusedBecause;

    private async ValueTask<UpstreamLink> WrapAsync(
        UpstreamLink link, TransportSocketChoice socket, ClusterConfig cluster, Endpoint endpoint, PoolVariant variant, CancellationToken cancellation)
    {
        if (socket.ProxyProtocol != ProxyProtocolVersion.None)
        {
            await WriteAsync(link, ProxyProtocolHeader.Create(socket.ProxyProtocol, variant.Source, variant.Destination), endpoint, cancellation).ConfigureAwait(false);
        }

        return socket.Tls is { } config
            ? link with { Tls = await tls.ConnectAsync(link.Below(), config, cluster.Connections, endpoint, variant, cancellation).ConfigureAwait(false) }
            : link;
    }

    private static async ValueTask WriteAsync(UpstreamLink link, byte[] header, Endpoint endpoint, CancellationToken cancellation)
    {
        try
        {
            if (link.Tunnel is { } tunnel)
            {
                await tunnel.Output.WriteAsync(header, cancellation).ConfigureAwait(false);
                return;
            }

            for (int sent = 0; sent < header.Length;)
            {
                sent += await link.Socket!.SendAsync(header.AsMemory(sent), cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            link.Tunnel?.Abort(TunnelReset.Cancel);
            link.Socket?.Dispose();
            if (failure is IOException or SocketException)
            {
                throw new UpstreamConnectException(FailureReason.ConnectFailure, $"PROXY header to {endpoint.AddressText}: {failure.Message}", failure);
            }

            throw;
        }
    }
}
