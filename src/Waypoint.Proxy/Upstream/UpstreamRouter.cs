using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Model.Clusters;
using Waypoint.Model.Failures;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Upstream.Mirroring;
using Yarp.ReverseProxy.Forwarder;

namespace Waypoint.Proxy.Upstream;

/// <summary>Sends a request upstream: cluster, deadline, then tries until one is final. One try is <see cref="AttemptAsync"/>.</summary>
internal sealed class UpstreamRouter(IHttpForwarder forwarder, MirrorDispatcher mirrors, TimeProvider time)
{
    /// <summary>Bodies up to this size can be sent again (Envoy's per_connection_buffer_limit_bytes default).</summary>
    private const int MaxReplayBytes = 1024 * 1024;

    // No idle limit of the forwarder's own: a stream may be silent as long as its route allows.
    private static readonly ForwarderRequestConfig OverHttp11 = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = TimeSpan.FromMilliseconds(int.MaxValue),
    };

    private static readonly ForwarderRequestConfig OverHttp2 = OverHttp11 with { Version = HttpVersion.Version20 };

    /// <summary>Forwards, or answers with what went wrong.</summary>
    public async Task ForwardAsync(HttpExchange exchange, Route route, ForwardAction action)
    {
        string name = exchange.ChooseCluster(action);
        exchange.Cluster = name;
        if (!exchange.Snapshot.Clusters.TryGetValue(name, out ClusterRuntime? cluster))
        {
            await LocalReply.FailAsync(exchange, FailureReason.ClusterNotFound).ConfigureAwait(false);
            return;
        }

        exchange.EditRequest();
        var retries = new RetryState(route.RetryPolicy);
        TimeSpan timeout = exchange.IsGrpc ? GrpcTimeout.Effective(action, exchange.Context.Request.Headers["grpc-timeout"]) : action.EffectiveTimeout;
        AnnounceTimeout(exchange, timeout, retries);
        FailureReason failure = await TryUntilFinalAsync(exchange, cluster, retries, action, timeout).ConfigureAwait(false);
        if (failure != FailureReason.None)
        {
            await LocalReply.FailAsync(exchange, failure).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the answer of the running attempt is to be thrown away and tried again.</summary>
    public static bool ShouldRetryResponse(HttpExchange exchange, HttpResponseMessage response) => exchange.Retries!.WantsRetry(response) && CanRetry(exchange);

    /// <summary>Whether <paramref name="request"/> goes to this cluster over HTTP/2.</summary>
    public static bool SpeaksHttp2(ClusterConfig cluster, HttpRequest request) => cluster.HttpVersion switch
    {
        UpstreamHttpVersion.Http2 => true,
        UpstreamHttpVersion.SameAsDownstream => HttpProtocol.IsHttp2(request.Protocol),
        _ => false,
    };

    private async Task<FailureReason> TryUntilFinalAsync(HttpExchange exchange, ClusterRuntime cluster, RetryState retries, ForwardAction action, TimeSpan timeout)
    {
        exchange.Retries = retries;
        RequestAffinity affinity = RequestAffinity.Of(exchange, cluster.State.Config, action);
        while (true)
        {
            // The state anew for each try: endpoints may have changed since the last one.
            EndpointRuntime? endpoint = EndpointPicker.Pick(cluster, retries, exchange.Tunnel.Destination, affinity, out ClusterState state);
            if (endpoint is null)
            {
                return retries.LastFailure is FailureReason.None ? FailureReason.NoHealthyUpstream : retries.LastFailure;
            }

            FailureReason failure;
            bool admitted = false;
            CircuitBreaker breaker = action.HighPriority ? cluster.HighBreaker : cluster.DefaultBreaker;
            CircuitBreakerLimits limits = action.HighPriority ? state.Config.HighPriorityCircuitBreakers : state.Config.CircuitBreakers;
            // Over HTTP/1.1 a request has its connection for itself.
            bool ownConnection = !SpeaksHttp2(state.Config, exchange.Context.Request);
            retries.CountIn(breaker, limits);
            try
            {
                if (exchange.Attempts == 0)
                {
                    // Only now: a request that nobody can serve is not mirrored. Mirrors before the kept body, which may be read twice.
                    mirrors.Start(exchange, action);
                    PrepareBody(exchange, timeout, retries);
                }

                failure = await breaker.EnterAsync(limits, ownConnection, exchange.Deadline?.Token ?? default, exchange.ClientGone).ConfigureAwait(false);
                admitted = failure == FailureReason.None;
                if (admitted)
                {
                    failure = await AttemptAsync(exchange, state.Config, endpoint).ConfigureAwait(false);
                    if (failure != FailureReason.None && !exchange.ClientGone.IsCancellationRequested)
                    {
                        endpoint.Failed(exchange.Deadline is { IsCancellationRequested: true } ? FailureReason.RouteTimeout : failure);
                    }
                }
            }
            finally
            {
                if (admitted)
                {
                    breaker.Exit(limits, ownConnection);
                }

                endpoint.Release();
            }

            if (failure == FailureReason.None && !exchange.Transformer.AnswerKeptBack)
            {
                return FailureReason.None;
            }

            if (exchange.Context.Response.HasStarted || exchange.ClientGone.IsCancellationRequested)
            {
                return exchange.ClientGone.IsCancellationRequested ? FailureReason.ClientGone : FailureReason.ResponseCutShort;
            }

            exchange.TryTimer?.Dispose();
            if (exchange.Deadline is { IsCancellationRequested: true })
            {
                return FailureReason.RouteTimeout;
            }

            if (!exchange.Transformer.AnswerKeptBack && !(retries.WantsRetry(failure) && CanRetry(exchange, failure, state)))
            {
                return failure;
            }

            retries.Tried(endpoint, failure);
            exchange.Body?.Rewind();
            TimeSpan pause = retries.NextPause();
            await Task.Delay(pause, time, exchange.Deadline?.Token ?? exchange.ClientGone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One try: one endpoint, one request on its pool, its answer to the client unless it is kept back.</summary>
    private async ValueTask<FailureReason> AttemptAsync(HttpExchange exchange, ClusterConfig cluster, EndpointRuntime endpoint)
    {
        exchange.Attempts++;
        exchange.Upstream = endpoint;
        exchange.AttemptTimestamp = time.GetTimestamp();
        exchange.Transformer.Prepare(endpoint);
        if (EndpointConnector.RefusalOf(cluster, endpoint.Endpoint) is { } refusal)
        {
            exchange.TransportFailure = refusal;
            return FailureReason.ClusterUnsupported;
        }

        HttpContext context = exchange.Context;
        bool http2 = SpeaksHttp2(cluster, context.Request);
        using CancellationTokenSource? tryDeadline = StartTryDeadline(exchange);
        ForwarderError error = await forwarder.SendAsync(
            context, endpoint.UriPrefix, endpoint.Invoker(http2 ? HttpVersion.Version20 : HttpVersion.Version11),
            http2 ? OverHttp2 : OverHttp11, exchange.Transformer, (tryDeadline ?? exchange.Deadline)?.Token ?? CancellationToken.None).ConfigureAwait(false);
        exchange.TryDeadline = null;
        if (exchange.Transformer.AnswerKeptBack)
        {
            // Its status stands on the response already; the next try must find none.
            context.Response.Clear();
            return FailureReason.None;
        }

        if (error == ForwarderError.None)
        {
            return FailureReason.None;
        }

        IForwarderErrorFeature? details = context.Features.Get<IForwarderErrorFeature>();
        context.Features.Set<IForwarderErrorFeature>(null);
        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
        }

        if (tryDeadline is { IsCancellationRequested: true })
        {
            return FailureReason.PerTryTimeout;
        }

        FailureReason failure = AttemptFailure.Classify(details?.Exception, out string? text);
        exchange.TransportFailure = text;
        return failure;
    }

    private static bool CanRetry(HttpExchange exchange, FailureReason failure, ClusterState state)
    {
        // A tunnel that the destination refused carried nothing, but the same ztunnel will refuse again: only another host is worth a try.
        if (failure == FailureReason.TunnelRefused && !state.HasOther(exchange.Retries!, exchange.Upstream!))
        {
            return false;
        }

        return CanRetry(exchange);
    }

    private static bool CanRetry(HttpExchange exchange)
    {
        if (!exchange.Retries!.HasTriesLeft)
        {
            exchange.RetriesExhausted = exchange.Retries.MaxRetries > 0;
            return false;
        }

        if (exchange.Body is { CanReplay: false })
        {
            return false;
        }

        exchange.RetryOverflowed = !exchange.Retries.TryReserve();
        return !exchange.RetryOverflowed;
    }

    /// <summary>Tells the upstream how long its answer is waited for: a try's time if that is limited, else the request's.</summary>
    private static void AnnounceTimeout(HttpExchange exchange, TimeSpan timeout, RetryState retries)
    {
        TimeSpan expected = retries.Policy?.PerTryTimeout is { } perTry && perTry > TimeSpan.Zero && (timeout == TimeSpan.Zero || perTry < timeout) ? perTry : timeout;
        if (expected > TimeSpan.Zero && exchange.Config is not { SuppressEnvoyHeaders: true })
        {
            exchange.Context.Request.Headers["x-envoy-expected-rq-timeout-ms"] = ((long)expected.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The try's own deadline over the request's; null if the policy has none. It ends with the response headers.</summary>
    private CancellationTokenSource? StartTryDeadline(HttpExchange exchange)
    {
        if (exchange.Retries?.Policy?.PerTryTimeout is not { } timeout || timeout <= TimeSpan.Zero)
        {
            return null;
        }

        // Two timers, one token: the inner source is cancelled by whichever comes first, and its own timer is taken back once the answer has begun.
        exchange.TryDeadline = CancellationTokenSource.CreateLinkedTokenSource(exchange.Deadline?.Token ?? CancellationToken.None);
        exchange.TryTimer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), exchange.TryDeadline, timeout, Timeout.InfiniteTimeSpan);
        return exchange.TryDeadline;
    }

    /// <summary>Makes the body replayable and starts the deadline: at once without a body, else when the client has sent it all, because the time of an upload is the client's.</summary>
    private void PrepareBody(HttpExchange exchange, TimeSpan timeout, RetryState retries)
    {
        HttpContext context = exchange.Context;
        bool hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        bool isUpgrade = context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };
        if (timeout > TimeSpan.Zero)
        {
            exchange.Deadline = new CancellationTokenSource(hasBody && !isUpgrade ? Timeout.InfiniteTimeSpan : timeout, time);
        }

        if (hasBody && !isUpgrade && (retries.MaxRetries > 0 || exchange.Deadline is not null))
        {
            CancellationTokenSource? deadline = exchange.Deadline;
            exchange.Body = new ReplayBody(
                context.Request.Body,
                retries.MaxRetries > 0 ? MaxReplayBytes : 0,
                deadline is null ? null : () => deadline.CancelAfter(timeout));
            context.Request.Body = exchange.Body;
        }
    }
}
