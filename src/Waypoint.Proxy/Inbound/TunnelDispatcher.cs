using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Telemetry;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Inbound;

/// <summary>What happens to a CONNECT: authority, filter chain, protocol detection, then the inner HTTP server or the TCP proxy. Every CONNECT is answered, because a
/// ztunnel waits for the answer without limit.</summary>
internal sealed class TunnelDispatcher(
    ActiveSnapshot snapshots, TcpProxy tcp, TunnelTransport transport, AccessLogWriter accessLog, TimeProvider time, ILogger<TunnelDispatcher> logger) : IConnectHandler
{
    /// <summary>How long a client may be silent on a port of unknown protocol before it is taken for one that waits for the server to speak.
    /// Envoy closes such a connection after 15 s; this falls to the TCP chain instead.</summary>
    private static readonly TimeSpan DetectionTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a request line that has begun may take to tell what it is (Envoy's listener_filters_timeout).</summary>
    private static readonly TimeSpan RequestLineTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The inner server for HTTP/1.1.</summary>
    public static TunnelEndPoint Http1EndPoint { get; } = new("http1");

    /// <summary>The inner server for HTTP/2 with prior knowledge.</summary>
    public static TunnelEndPoint Http2EndPoint { get; } = new("http2");

    /// <inheritdoc/>
    public async ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        RuntimeSnapshot snapshot = snapshots.Current;
        if (snapshot.Config.Termination is not { RefusedBecause: null } termination)
        {
            Refuse(request, 503, snapshot.Config.Termination?.RefusedBecause ?? "no configuration yet");
            return;
        }

        TunnelFilterState state = TunnelFilterState.Of(request);

        // L4 policies on the tunnel come before everything that reveals which destinations exist.
        if (!ConnectAuthorization.Allows(termination.ConnectAuthorization, request, state, out string? policy))
        {
            Refuse(request, 403, $"denied by {policy}");
            return;
        }

        var query = new FilterChainQuery
        {
            DestinationAddress = request.Address,
            DestinationPort = request.Port,
            Authority = request.Authority,
            IstioSource = request.Header("x-istio-source"),
        };
        FilterChainMatch match = snapshot.Config.FilterChains.Match(query);
        switch (match)
        {
            case { Outcome: FilterChainOutcome.NeedsProtocol }:
                await DetectAndServeAsync(request, state, query, cancellationToken).ConfigureAwait(false);
                break;
            case { Outcome: FilterChainOutcome.Found, Chain.RefusedBecause: { } reason }:
                Refuse(request, 503, reason);
                break;
            case { Outcome: FilterChainOutcome.Found, Chain: { IsHttp: true } chain }:
                await ServeHttpAsync(request.Accept(), ContextOf(request, state, chain, ApplicationProtocol.NotInspected), cancellationToken).ConfigureAwait(false);
                break;
            case { Outcome: FilterChainOutcome.Found, Chain: { } chain }:
                // The upstream first: the client's connect() then means that somebody is there.
                await tcp.ServeAsync(request, null, chain, ContextOf(request, state, chain, ApplicationProtocol.Unknown), cancellationToken).ConfigureAwait(false);
                break;
            default:
                LogNoChain(request, snapshot);
                Refuse(request, 404, "no service of this waypoint has that address and port");
                break;
        }
    }

    private async ValueTask DetectAndServeAsync(ConnectRequest request, TunnelFilterState state, FilterChainQuery query, CancellationToken cancellationToken)
    {
        Tunnel tunnel = request.Accept();
        SniffedProtocol sniffed = await ProtocolSniffer.DetectAsync(tunnel.Input, DetectionTimeout, time, cancellationToken).ConfigureAwait(false);
        if (sniffed == SniffedProtocol.Opaque && HasBegun(tunnel.Input))
        {
            // Either the bytes decide at once that it is no HTTP, or a slow client is in the middle of its request line.
            sniffed = await ProtocolSniffer.DetectAsync(tunnel.Input, RequestLineTimeout, time, cancellationToken).ConfigureAwait(false);
        }

        ApplicationProtocol protocol = sniffed switch
        {
            SniffedProtocol.Http2 => ApplicationProtocol.Http2,
            SniffedProtocol.Http1 => ApplicationProtocol.Http11,
            _ => ApplicationProtocol.Unknown,
        };

        // The newest table: detection may have taken its time.
        FilterChainMatch match = snapshots.Current.Config.FilterChains.Match(query with { Protocol = protocol });
        if (match.Chain is not { RefusedBecause: null } chain)
        {
            ProxyLog.TunnelRefused(logger, request.PeerIdentity.ToString(), request.RemoteEndPoint.ToString(), request.Authority, 0, match.Chain?.RefusedBecause ?? "no chain for the protocol");
            tunnel.Abort(TunnelReset.Cancel);
            return;
        }

        TunnelContext context = ContextOf(request, state, chain, protocol);
        if (chain.IsHttp)
        {
            Dispatch(tunnel, context, protocol == ApplicationProtocol.Http2 ? Http2EndPoint : Http1EndPoint);
        }
        else
        {
            await tcp.ServeAsync(request, tunnel, chain, context, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A port declared as HTTP still carries either version: the preface tells, whenever the client speaks.</summary>
    private async ValueTask ServeHttpAsync(Tunnel tunnel, TunnelContext context, CancellationToken cancellationToken)
    {
        SniffedProtocol sniffed = await ProtocolSniffer.DetectHttpAsync(tunnel.Input, cancellationToken).ConfigureAwait(false);
        Dispatch(tunnel, context, sniffed == SniffedProtocol.Http2 ? Http2EndPoint : Http1EndPoint);
    }

    private static bool HasBegun(PipeReader input)
    {
        if (!input.TryRead(out ReadResult read))
        {
            return false;
        }

        input.AdvanceTo(read.Buffer.Start);
        return !read.Buffer.IsEmpty;
    }

    private void Dispatch(Tunnel tunnel, TunnelContext context, TunnelEndPoint server)
    {
        var connection = new TunnelConnectionContext(tunnel, context.Destination);
        context.Worker = tunnel.Worker;
        if (ReferenceEquals(server, Http1EndPoint))
        {
            context.Wire = new Http1Intake(tunnel.Input, () => HttpConfigOf(context), time);
            context.Output = new ResponseOutput(tunnel.Output);
            connection.Transport = new InnerTransport(context.Wire, context.Output);
        }

        context.Limits = ConnectionLimits.Of(
            HttpConfigOf(context), !ReferenceEquals(server, Http1EndPoint), time, () => connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose());
        if (context.Limits is { } limits)
        {
            connection.ConnectionClosed.UnsafeRegister(static limits => ((ConnectionLimits)limits!).Dispose(), limits);
        }

        connection.Features.Set(context);
        if (!transport.Dispatch(server, connection))
        {
            tunnel.Abort(TunnelReset.Cancel);
        }
    }

    private HttpConnectionConfig? HttpConfigOf(TunnelContext context) => context.ChainIn(snapshots.Current)?.Chain.Http;

    private static TunnelContext ContextOf(ConnectRequest request, TunnelFilterState state, FilterChain chain, ApplicationProtocol protocol) => new()
    {
        Peer = request.PeerIdentity,
        Local = request.LocalIdentity,
        Authority = request.Authority,
        Destination = request.Address is null ? null : new IPEndPoint(request.Address, request.Port),
        Source = request.RemoteEndPoint,
        ChainName = chain.Name,
        Protocol = protocol,
        State = state,
    };

    private void Refuse(ConnectRequest request, int status, string reason)
    {
        ProxyLog.TunnelRefused(logger, request.PeerIdentity.ToString(), request.RemoteEndPoint.ToString(), request.Authority, status, reason);
        request.Reject(status);
    }

    private void LogNoChain(ConnectRequest request, RuntimeSnapshot snapshot)
    {
        bool toText = snapshot.Config.FilterChains.AccessLogEnabled;
        if (toText || accessLog.Always)
        {
            accessLog.Write(new AccessLogRecord
            {
                Layer = "tunnel",
                ToText = toText,
                StartTime = time.GetUtcNow(),
                Flags = "NR",
                Details = "-",
                TerminationDetails = "filter_chain_not_found",
                Authority = request.Authority,
                DownstreamLocalAddress = request.Authority,
                DownstreamRemoteAddress = request.RemoteEndPoint.ToString(),
            });
        }
    }
}
