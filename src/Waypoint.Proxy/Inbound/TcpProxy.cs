using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Hashing;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Telemetry;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Inbound;

/// <summary>Carries opaque connections: network filters, cluster by weight, endpoint, then bytes both ways with half-close, until both sides have ended. The filters decide at
/// once, but like in Envoy a refusal takes effect with the client's first byte; unlike there a client that is refused gets none of the server's before.</summary>
internal sealed class TcpProxy(
    ActiveSnapshot snapshots, EndpointConnector connector, AccessLogWriter accessLog, TimeProvider time, ILogger<TcpProxy> logger)
{
    /// <summary>Serves one tunnel. <paramref name="accepted"/> is null while the CONNECT has not been answered: then the answer waits for the upstream.</summary>
    public async ValueTask ServeAsync(ConnectRequest request, Tunnel? accepted, FilterChain chain, TunnelContext context, CancellationToken cancellationToken)
    {
        DateTimeOffset start = time.GetUtcNow();
        long begun = time.GetTimestamp();
        var session = new TcpSession(chain, context);
        Task<TcpVerdict> deciding = TcpAuthorization.DecideAsync(chain, request, context, snapshots.Current, time, cancellationToken).AsTask();
        if (await ConnectAsync(session, cancellationToken).ConfigureAwait(false) is { } upstream)
        {
            Tunnel downstream = accepted ?? request.Accept();
            try
            {
                TcpVerdict verdict = await deciding.ConfigureAwait(false);
                if (verdict.IsAllowed)
                {
                    await TcpPump.RunAsync(downstream, upstream, chain.Tcp!, session, time, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    session.TerminationDetails = verdict.Details;
                    await TcpDenial.RunAsync(downstream, upstream, chain.Tcp!, session, time, cancellationToken).ConfigureAwait(false);
                    upstream.Abort();
                    Refuse(request, downstream, 403, verdict.Failure, session);
                }
            }
            finally
            {
                await upstream.DisposeAsync().ConfigureAwait(false);
                session.Leave();
            }
        }
        else
        {
            Refuse(request, accepted, 503, session.Failure, session);
        }

        Log(session, start, time.GetElapsedTime(begun));
    }

    private async ValueTask<TcpUpstream?> ConnectAsync(TcpSession session, CancellationToken cancellationToken)
    {
        session.Cluster = PickCluster(session.Chain.Tcp!);
        if (!snapshots.Current.Clusters.TryGetValue(session.Cluster, out ClusterRuntime? cluster))
        {
            session.Failure = FailureReason.ClusterNotFound;
            return null;
        }

        ulong? hash = session.Chain.Tcp!.HashSourceIp ? RequestHasher.OfAddress(session.Context.Source.Address) : null;
        if (EndpointPicker.Pick(cluster, null, session.Context.Destination, new RequestAffinity(hash, null), out ClusterState state) is not { } endpoint)
        {
            session.Failure = FailureReason.NoHealthyUpstream;
            return null;
        }

        if (!session.TryOccupy(endpoint, cluster.DefaultBreaker, state.Config.CircuitBreakers))
        {
            session.Leave();
            session.Failure = FailureReason.Overflow;
            return null;
        }

        try
        {
            if (EndpointConnector.RefusalOf(state.Config, endpoint.Endpoint) is { } refusal)
            {
                throw new UpstreamConnectException(FailureReason.ClusterUnsupported, refusal);
            }

            TcpUpstream upstream = endpoint.Endpoint.Kind == EndpointKind.Hbone
                ? TcpUpstream.Over(await connector.OpenTunnelAsync(endpoint.Endpoint, cancellationToken).ConfigureAwait(false))
                : TcpUpstream.Over(await connector.OpenSocketAsync(state.Config, endpoint.Endpoint, cancellationToken).ConfigureAwait(false));
            endpoint.Connected();
            return upstream;
        }
        catch (UpstreamConnectException failure)
        {
            endpoint.Failed(failure.Reason);
            session.Leave();
            session.Failure = failure.Reason == FailureReason.TunnelRefused ? FailureReason.ConnectFailure : failure.Reason;
            session.TransportFailure = failure.Message;
            return null;
        }
        catch (OperationCanceledException)
        {
            session.Leave();
            session.Failure = FailureReason.ClientGone;
            return null;
        }
    }

    private static string PickCluster(TcpProxyConfig config)
    {
        if (config.Clusters.Count == 1)
        {
            return config.Clusters[0].Cluster;
        }

#pragma warning disable CA5394 // spreads load, protects nothing
        long point = Random.Shared.NextInt64((long)config.TotalWeight);
#pragma warning restore CA5394
        foreach (WeightedTcpCluster cluster in config.Clusters)
        {
            point -= cluster.Weight;
            if (point < 0)
            {
                return cluster.Cluster;
            }
        }

        return config.Clusters[^1].Cluster;
    }

    private void Refuse(ConnectRequest request, Tunnel? accepted, int status, FailureReason reason, TcpSession session)
    {
        session.Failure = reason;
        ProxyLog.TunnelRefused(
            logger, request.PeerIdentity.ToString(), session.Context.SourceText, request.Authority, status, session.TransportFailure ?? session.TerminationDetails ?? reason.ToString());
        if (accepted is null)
        {
            request.Reject(status);
        }
        else
        {
            accepted.Abort(TunnelReset.Cancel);
        }
    }

    private void Log(TcpSession session, DateTimeOffset start, TimeSpan duration)
    {
        bool toText = session.Chain.Tcp!.AccessLogEnabled;
        if (!toText && !accessLog.Always)
        {
            return;
        }

        FailureRow row = FailureTable.Of(session.Failure);
        accessLog.Write(new AccessLogRecord
        {
            Layer = "tcp",
            ToText = toText,
            StartTime = start,
            Duration = duration,
            Flags = row.Flag,
            Details = "-",
            TerminationDetails = session.TerminationDetails,
            TransportFailure = session.TransportFailure,
            BytesReceived = session.BytesReceived,
            BytesSent = session.BytesSent,
            UpstreamHost = session.Endpoint?.LogName,
            UpstreamCluster = session.Cluster,
            DownstreamLocalAddress = session.Context.DestinationText,
            DownstreamRemoteAddress = session.Context.SourceText,
        });
    }
}
