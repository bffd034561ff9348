using System.Net;
using System.Net.Sockets;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.Identity;
using Waypoint.Model.Listeners;
using Waypoint.Model.Workloads;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Upstream;

/// <summary>Opens connections to endpoints: a CONNECT stream over HBONE for pods of the mesh, a plain socket for the rest (docs: endpoint forms).
/// Which identity must answer comes from the workload behind the address, never from the endpoint itself.</summary>
internal sealed class EndpointConnector(TunnelPool tunnels, IWorkloadDirectory workloads, ActiveSnapshot snapshots, TimeProvider time)
{
    /// <summary>Opens a connection for the HTTP pools. Throws <see cref="UpstreamConnectException"/> with the reason.</summary>
    public async ValueTask<Stream> OpenStreamAsync(ClusterConfig cluster, Endpoint endpoint, Version version, CancellationToken cancellation)
    {
        if (RefusalOf(cluster, endpoint) is { } refusal)
        {
            throw new UpstreamConnectException(FailureReason.ClusterUnsupported, refusal);
        }

        Stream stream = endpoint.Kind == EndpointKind.Hbone
            ? new TunnelStream(await OpenTunnelAsync(endpoint, cancellation).ConfigureAwait(false))
            : new NetworkStream(await OpenSocketAsync(cluster, endpoint, cancellation).ConfigureAwait(false), ownsSocket: true);
        return version == HttpVersion.Version20 ? new Http2UpstreamStream(stream) : new Http1UpstreamStream(stream, cluster.Http1);
    }

    /// <summary>Opens a tunnel to an HBONE endpoint. Throws <see cref="UpstreamConnectException"/>.</summary>
    public async ValueTask<Tunnel> OpenTunnelAsync(Endpoint endpoint, CancellationToken cancellation)
    {
        TunnelOriginationConfig origination = snapshots.Current.Config.Origination ?? new TunnelOriginationConfig();
        IPAddress address = endpoint.Address!.Address;
        Workload? workload = workloads.Find(address);
        var target = new TunnelTarget
        {
            HboneAddress = new IPEndPoint(address, origination.HbonePort),
            Authority = endpoint.AddressText,
            Expected = ExpectedPeerOf(workload, origination),
            EndpointUid = workload?.Uid ?? endpoint.Workload ?? "",
        };
        try
        {
            return await tunnels.ConnectAsync(target, origination.ConnectTimeout, cancellation).ConfigureAwait(false);
        }
        catch (TunnelConnectException failure)
        {
            FailureReason reason = failure.Failure switch
            {
                TunnelConnectFailure.Timeout => FailureReason.ConnectTimeout,
                TunnelConnectFailure.ConnectRejected => FailureReason.TunnelRefused,
                _ => FailureReason.ConnectFailure,
            };
            throw new UpstreamConnectException(reason, failure.Message, failure);
        }
    }

    /// <summary>Opens a plain TCP connection. Throws <see cref="UpstreamConnectException"/>.</summary>
    public async ValueTask<Socket> OpenSocketAsync(ClusterConfig cluster, Endpoint endpoint, CancellationToken cancellation)
    {
        if (endpoint.Address is not { } address)
        {
            throw new UpstreamConnectException(FailureReason.ClusterUnsupported, $"endpoint {endpoint.AddressText} has no address");
        }

        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = new CancellationTokenSource(cluster.ConnectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            await socket.ConnectAsync(address, linked.Token).ConfigureAwait(false);
            return socket;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new UpstreamConnectException(FailureReason.ConnectTimeout, $"no answer from {address} within {cluster.ConnectTimeout}");
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new UpstreamConnectException(FailureReason.ConnectFailure, $"delayed connect error: {failure.Message}", failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Why the endpoint cannot be reached at all, or null.</summary>
    public static string? RefusalOf(ClusterConfig cluster, Endpoint endpoint)
    {
        if (endpoint.Kind is EndpointKind.DoubleHbone or EndpointKind.HostName)
        {
            return $"endpoint {endpoint.AddressText} of cluster {cluster.Name} is of kind {endpoint.Kind}, which is not supported";
        }

        return SocketOf(cluster, endpoint).RefusedBecause;
    }

    private static TransportSocketChoice SocketOf(ClusterConfig cluster, Endpoint endpoint)
    {
        foreach (TransportSocketChoice choice in cluster.TransportSockets)
        {
            if (Fits(choice, endpoint.SocketLabels))
            {
                return choice;
            }
        }

        return new TransportSocketChoice("none", new Dictionary<string, string>(), $"no transport socket of cluster {cluster.Name} fits endpoint {endpoint.AddressText}");
    }

    private static bool Fits(TransportSocketChoice choice, string labels)
    {
        foreach (KeyValuePair<string, string> label in choice.Labels)
        {
            bool found = false;
            foreach (Range part in labels.AsSpan().Split(','))
            {
                ReadOnlySpan<char> text = labels.AsSpan(part);
                found |= text.Length == label.Key.Length + 1 + label.Value.Length
                    && text.StartsWith(label.Key) && text[label.Key.Length] == '=' && text.EndsWith(label.Value);
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    private static ExpectedPeer ExpectedPeerOf(Workload? workload, TunnelOriginationConfig origination)
    {
        if (workload is null)
        {
            return origination.TrustDomains is { } domains ? ExpectedPeer.InTrustDomains(domains) : ExpectedPeer.Anybody;
        }

        SpiffeId? identity = SpiffeId.Create(
            workload.TrustDomain.Length == 0 ? "cluster.local" : workload.TrustDomain,
            workload.Namespace.Length == 0 ? "default" : workload.Namespace,
            workload.ServiceAccount.Length == 0 ? "default" : workload.ServiceAccount);
        // A workload whose identity cannot exist is nobody's: the empty set accepts no peer.
        return identity is null ? ExpectedPeer.Exactly() : ExpectedPeer.Exactly(identity);
    }
}
