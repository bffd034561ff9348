using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Hashing;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Telemetry;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Dns;
using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Inbound;

/// <summary>Carries opaque connections: network filters, cluster by weight, endpoint, then bytes both ways with half-close, until both sides have ended. The filters decide at
/// once, but like in Envoy a refusal takes effect with the client's first byte; unlike there a client that is refused gets none of the server's before.</summary>
internal sealed class TcpProxy(
    ActiveSnapshot snapshots, EndpointConnector connector, AccessLogWriter accessLog, TimeProvider time, ILogger<TcpProxy> logger)
{
    /// <summary>How long a TLS client may take for its hello (Envoy's listener_filters_timeout).</summary>
    private static readonly TimeSpan ServerNameTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Serves one tunnel. <paramref name="accepted"/> is null while the CONNECT has not been answered: then the answer waits for the upstream.</summary>
    public async ValueTask ServeAsync(ConnectRequest request, Tunnel? accepted, FilterChain chain, TunnelContext context, CancellationToken cancellationToken)
    {
        DateTimeOffset start = time.GetUtcNow();
        long begun = time.GetTimestamp();
        var session = new TcpSession(chain, context);
        Task<TcpVerdict> deciding = TcpAuthorization.DecideAsync(chain, request, context, snapshots.Current, time, cancellationToken).AsTask();
        if (ServerNamePort(chain) is { } port)
        {
            // The client sends its hello only after the answer to its CONNECT. Those are its first bytes, so a denial takes effect before anybody is called.
            accepted ??= request.Accept();
            string? name = await ServerNameReader.ReadAsync(accepted.Input, ServerNameTimeout, time, cancellationToken).ConfigureAwait(false);
            session.RequestedHost = name is null ? null : $"{name}:{port}";
            await deciding.ConfigureAwait(false);
        }

        if (deciding is { IsCompletedSuccessfully: true, Result: { IsAllowed: false } denied } && session.RequestedHost is not null)
        {
            session.TerminationDetails = denied.Details;
            Refuse(request, accepted, 403, denied.Failure, session);
        }
        else if (await ConnectAsync(session, cancellationToken).ConfigureAwait(false) is { } upstream)
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
        EndpointRuntime? endpoint = EndpointPicker.Pick(cluster, null, session.Context.Destination, new RequestAffinity(hash, null), out ClusterState state);
        if (endpoint is null && HostResolution.Concerns(cluster, state))
        {
            (endpoint, session.Failure) = await HostResolution.AcquireAsync(cluster, state, session.RequestedHost, session.Context.Destination, cancellationToken).ConfigureAwait(false);
        }

        if (endpoint is null)
        {
            session.Failure = session.Failure == FailureReason.None ? FailureReason.NoHealthyUpstream : session.Failure;
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
            PoolVariant variant = endpoint.VariantFor(authority: null, session.Context.Source, session.Context.Destination);
            var upstream = new TcpUpstream(await connector.OpenAsync(state.Config, endpoint.Endpoint, variant, cancellationToken).ConfigureAwait(false));
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

    /// <summary>The port to dial at the host that the TLS client asks for; null for a chain that leads elsewhere.</summary>
    private static int? ServerNamePort(FilterChain chain)
    {
        for (int i = 0; i < chain.NetworkFilters.Count; i++)
        {
            if (chain.NetworkFilters[i] is SniForwardFilterConfig forward)
            {
                return forward.Port;
            }
        }

        return null;
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
