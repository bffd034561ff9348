using System.Net;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.Identity;
using Waypoint.Model.Listeners;
using Waypoint.Model.Workloads;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Upstream;

/// <summary>Opens tunnels to endpoints of the mesh, in this network or behind the gateway of another. Which identity must answer comes from the workload behind the address,
/// never from the endpoint itself.</summary>
internal sealed class EndpointTunnels(TunnelPool tunnels, IWorkloadDirectory workloads, ActiveSnapshot snapshots)
{
    /// <summary>Opens a tunnel. Throws <see cref="UpstreamConnectException"/>.</summary>
    /// <param name="endpoint">Of kind <see cref="EndpointKind.Hbone"/> or <see cref="EndpointKind.DoubleHbone"/>.</param>
    /// <param name="worker">Who is to serve the connection.</param>
    /// <param name="timeout">TCP, TLS and CONNECT together.</param>
    /// <param name="cancellation">Client gone.</param>
    public async ValueTask<Tunnel> OpenAsync(Endpoint endpoint, int worker, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return endpoint.Kind == EndpointKind.DoubleHbone
                ? await OpenNestedAsync(endpoint, timeout, cancellation).ConfigureAwait(false)
                : await tunnels.ConnectAsync(TargetOf(endpoint, worker), timeout, cancellation).ConfigureAwait(false);
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

    private TunnelTarget TargetOf(Endpoint endpoint, int worker)
    {
        TunnelOriginationConfig origination = snapshots.Current.Config.Origination ?? new TunnelOriginationConfig();
        IPAddress address = endpoint.Address!.Address;
        Workload? workload = workloads.Find(address);
        return new TunnelTarget
        {
            HboneAddress = new IPEndPoint(address, origination.HbonePort),
            Authority = endpoint.AddressText,
            Expected = ExpectedPeerOf(workload, origination),
            EndpointUid = workload?.Uid ?? endpoint.Workload ?? "",
            Worker = worker,
        };
    }

    /// <summary>Two tunnels with one authority: the gateway passes the inner one on as it is, so TLS ends at a pod that only the service's trust domain is known of.</summary>
    private ValueTask<Tunnel> OpenNestedAsync(Endpoint endpoint, TimeSpan timeout, CancellationToken cancellation)
    {
        if (snapshots.Current.Config.Nesting is not { } nesting)
        {
            throw new UpstreamConnectException(FailureReason.ClusterUnsupported, "tunnels to other networks are not configured, or their configuration was refused");
        }

        var gateway = new IPEndPoint(endpoint.Address!.Address, nesting.Outer.HbonePort);
        string authority = endpoint.DoubleHboneTarget!;
        Workload? workload = workloads.Find(gateway.Address);
        var outer = new TunnelTarget
        {
            HboneAddress = gateway,
            Authority = authority,
            Expected = ExpectedPeerOf(workload, nesting.Outer),
            EndpointUid = workload?.Uid ?? "gateway",
            IstioSource = nesting.IstioSource,
        };
        var inner = new TunnelTarget
        {
            HboneAddress = gateway,
            Authority = authority,
            Expected = InTrustDomains(nesting.Inner),
            EndpointUid = authority,
            ForwardedNetwork = nesting.ForwardedNetwork,
            Worker = -1,
        };
        return tunnels.ConnectNestedAsync(outer, inner, timeout, cancellation);
    }

    private static ExpectedPeer ExpectedPeerOf(Workload? workload, TunnelOriginationConfig origination)
    {
        if (workload is null)
        {
            return InTrustDomains(origination);
        }

        SpiffeId? identity = SpiffeId.Create(
            workload.TrustDomain.Length == 0 ? "cluster.local" : workload.TrustDomain,
            workload.Namespace.Length == 0 ? "default" : workload.Namespace,
            workload.ServiceAccount.Length == 0 ? "default" : workload.ServiceAccount);
        // A workload whose identity cannot exist is nobody's: the empty set accepts no peer.
        return identity is null ? ExpectedPeer.Exactly() : ExpectedPeer.Exactly(identity);
    }

    private static ExpectedPeer InTrustDomains(TunnelOriginationConfig origination) =>
        origination.TrustDomains is { } domains ? ExpectedPeer.InTrustDomains(domains) : ExpectedPeer.Anybody;
}
