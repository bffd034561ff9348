using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Waypoint.Model.Clusters;
using Waypoint.Model.Failures;
using Waypoint.Model.Grpc;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Telemetry;
using Waypoint.Proxy.Upstream.Dns;
using Waypoint.Proxy.Upstream.Mirroring;
using Waypoint.Proxy.Upstream.Pools;
using Yarp.ReverseProxy.Forwarder;

namespace Waypoint.Proxy.Upstream;

/// <summary>Sends a request upstream: cluster, deadline, then tries until one is final: <see cref="ForwardAsync"/> is the whole of it.</summary>
internal sealed class UpstreamRouter(IHttpForwarder forwarder, MirrorDispatcher mirrors, TimeProvider time, ILogger logger)
{
    /// <summary>Bodies up to this size can be sent again (Envoy's per_connection_buffer_limit_bytes default).</summary>
    private const int MaxReplayBytes = 1024 * 1024;

    /// <summary>Forwards, or answers with what went wrong. One method, so that a request waits in one place: each further one costs an allocation and a resumption.</summary>
    public async Task ForwardAsync(HttpExchange exchange, Route route, ForwardAction action)
    {
        string name = exchange.ChooseCluster(action);
        exchange.Cluster = name;
        if (!exchange.Snapshot.Clusters.TryGetValue(name, out ClusterRuntime? cluster))
        {
            await LocalReply.FailAsync(exchange, FailureReason.ClusterNotFound).ConfigureAwait(false);
            return;
        }

        RetryState retries = Prepare(exchange, route, action);
        RequestAffinity affinity = RequestAffinity.Of(exchange, cluster.Config, action);
        FailureReason failure = FailureReason.None;
        while (true)
        {
            // The state anew for each try: endpoints may have changed since the last one.
            EndpointRuntime? endpoint = EndpointPicker.Pick(cluster, retries, exchange.Tunnel.Destination, affinity, out ClusterState state);
            if (endpoint is null && HostResolution.Concerns(cluster, state))
            {
                (endpoint, failure) = await HostResolution.AcquireAsync(cluster, state, exchange.Authority, exchange.Tunnel.Destination, exchange.ClientGone).ConfigureAwait(false);
                if (failure != FailureReason.None)
                {
                    break;
                }
            }

            if (endpoint is null)
            {
                failure = retries.LastFailure is FailureReason.None ? FailureReason.NoHealthyUpstream : retries.LastFailure;
                break;
            }

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
                    PrepareBody(exchange, action, retries);
                }

                failure = breaker.EnterNow(limits, ownConnection)
                    ?? await breaker.EnterAsync(limits, ownConnection, exchange.Clock.Deadline?.Token ?? default, exchange.ClientGone).ConfigureAwait(false);
                admitted = failure == FailureReason.None;
                if (admitted && BeginAttempt(exchange, state.Config, endpoint, out failure))
                {
                    // Where connections are few, all workers share them.
                    int worker = limits.MaxConnections < int.MaxValue ? 0 : exchange.Tunnel.Worker;
                    using PoolLease lease = RentPool(exchange, endpoint, !ownConnection, worker);
                    failure = EndAttempt(exchange, await SendAsync(exchange, endpoint, lease, !ownConnection).ConfigureAwait(false));
                }

                if (admitted && failure != FailureReason.None && !exchange.ClientGone.IsCancellationRequested)
                {
                    endpoint.Failed(failure);
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
                NoteSkippedRetry(exchange);
                return;
            }

            if (IsFinal(exchange, retries, state, ref failure))
            {
                break;
            }

            retries.Tried(endpoint, failure);
            exchange.Body?.Rewind();
            TimeSpan pause = retries.NextPause();
            await Task.Delay(pause, time, exchange.Clock.Deadline?.Token ?? exchange.ClientGone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (exchange.Clock.IsOver)
            {
                failure = exchange.Clock.OverReason;
                break;
            }
        }

        await FailAsync(exchange, failure).ConfigureAwait(false);
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

    private RetryState Prepare(HttpExchange exchange, Route route, ForwardAction action)
    {
        // Timeouts before the route's edits, retries after them: an edit may ask for retries.
        exchange.TakeTimeouts(route, action);
        exchange.EditRequest();
        exchange.StreamIdleTimeout = action.IdleTimeout ?? exchange.Config?.StreamIdleTimeout ?? TimeSpan.Zero;
        return exchange.Retries = new RetryState(exchange.TakeRetryPlan(route), time);
    }

    private void NoteSkippedRetry(HttpExchange exchange)
    {
        if (exchange.BodyTooLargeToRetry)
        {
            ProxyLog.BodyTooLargeToRetry(logger, exchange.Method, exchange.OriginalPath, exchange.Cluster!);
        }
    }

    private Task FailAsync(HttpExchange exchange, FailureReason failure)
    {
        NoteSkippedRetry(exchange);
        // A stream that fell silent before the client had sent everything: it was the client who kept everybody waiting.
        return failure == FailureReason.StreamIdle && exchange.Body is { HasEnded: false }
            ? LocalReply.FailAsync(exchange, failure, StatusCodes.Status408RequestTimeout)
            : LocalReply.FailAsync(exchange, failure);
    }

    /// <summary>Whether a try that brought no answer for the client was the last; then <paramref name="failure"/> is what the client is told.</summary>
    private static bool IsFinal(HttpExchange exchange, RetryState retries, ClusterState state, ref FailureReason failure)
    {
        if (exchange.Context.Response.HasStarted || exchange.ClientGone.IsCancellationRequested)
        {
            failure = exchange.ClientGone.IsCancellationRequested ? FailureReason.ClientGone : failure is FailureReason.PerTryIdleTimeout ? failure
                : exchange.Clock.IsOver ? exchange.Clock.OverReason : FailureReason.ResponseCutShort;
            return true;
        }

        if (exchange.Clock.IsOver)
        {
            failure = exchange.Clock.OverReason;
            return true;
        }

        return !exchange.Transformer.AnswerKeptBack && !(retries.WantsRetry(failure) && CanRetry(exchange, failure, state));
    }

    /// <summary>Notes a try at one endpoint; false if it cannot even be begun.</summary>
    private bool BeginAttempt(HttpExchange exchange, ClusterConfig cluster, EndpointRuntime endpoint, out FailureReason failure)
    {
        exchange.Attempts++;
        exchange.TransportFailure = null;
        exchange.Upstream = endpoint;
        exchange.AttemptTimestamp = time.GetTimestamp();
        exchange.Transformer.Prepare(endpoint);
        exchange.TransportFailure = EndpointConnector.RefusalOf(cluster, endpoint.Endpoint);
        failure = exchange.TransportFailure is null ? FailureReason.None : FailureReason.ClusterUnsupported;
        return failure == FailureReason.None;
    }

    private static PoolLease RentPool(HttpExchange exchange, EndpointRuntime endpoint, bool http2, int worker) => endpoint.Rent(
        http2 ? HttpVersion.Version20 : HttpVersion.Version11, endpoint.VariantFor(exchange.Authority, exchange.Tunnel.Source, exchange.Tunnel.Destination, worker));

    /// <summary>One request on the endpoint's pool, its answer to the client unless it is kept back.</summary>
    private ValueTask<ForwarderError> SendAsync(HttpExchange exchange, EndpointRuntime endpoint, in PoolLease lease, bool http2)
    {
        AttemptCount.Announce(exchange, exchange.Retries!);
        exchange.AnnounceTimeouts();
        exchange.Clock.BeginTry();
        return forwarder.SendAsync(
            exchange.Context, endpoint.UriPrefix, exchange.Transformer.Invoker.On(lease.Invoker),
            ForwarderSettings.For(http2, exchange.StreamIdleTimeout), exchange.Transformer, exchange.Clock.Token);
    }

    /// <summary>What a try came to; <see cref="FailureReason.None"/> too if its answer is kept back for another.</summary>
    private static FailureReason EndAttempt(HttpExchange exchange, ForwarderError error)
    {
        HttpContext context = exchange.Context;
        FailureReason timedOut = exchange.Clock.EndTry();
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
        if (timedOut == FailureReason.None && TookNoMore(exchange, error, details?.Exception))
        {
            context.Features.Set<IForwarderErrorFeature>(null);
            return FailureReason.None;
        }

        if (OfClient(exchange, error, details?.Exception, timedOut) is { } clients)
        {
            return clients;
        }

        context.Features.Set<IForwarderErrorFeature>(null);
        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
        }

        if (timedOut != FailureReason.None)
        {
            return timedOut;
        }

        FailureReason failure = AttemptFailure.Classify(details?.Exception, out string? text);
        exchange.TransportFailure = text;
        return failure;
    }

    /// <summary>Whether the upstream answered and then took no more of the request: its answer is complete, since the forwarder copies it first, and all that it wanted.</summary>
    private static bool TookNoMore(HttpExchange exchange, ForwarderError error, Exception? exception) =>
        exchange.AnswerAccepted
        && !exchange.ClientGone.IsCancellationRequested
        && exchange.Wire?.Fault is null
        && (error is ForwarderError.RequestBodyDestination or ForwarderError.RequestBodyCanceled
            || (error is ForwarderError.RequestBodyClient && exception is OperationCanceledException));

    /// <summary>What the client, or nobody, is to blame for; null if it was the upstream.</summary>
    private static FailureReason? OfClient(HttpExchange exchange, ForwarderError error, Exception? exception, FailureReason timedOut)
    {
        if (exchange.Wire?.Fault is { } fault)
        {
            exchange.Details = fault.Details;
            exchange.Context.Response.Headers.Connection = "close";
            return fault.Status == StatusCodes.Status431RequestHeaderFieldsTooLarge ? FailureReason.HeadersTooLarge : FailureReason.BadRequest;
        }

        if (error is ForwarderError.RequestBodyClient && exception is BadHttpRequestException)
        {
            return FailureReason.BadRequest;
        }

        bool ran = timedOut == FailureReason.None && !exchange.Clock.IsOver && !exchange.ClientGone.IsCancellationRequested;
        return ran && exchange.StreamIdleTimeout > TimeSpan.Zero
            && error is ForwarderError.RequestTimedOut or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled
            ? FailureReason.StreamIdle
            : null;
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
        if (RetryDecision.Decide(wantsRetry: true, exchange.Retries!.RetriesLeft, activeRetries: 0, allowedRetries: uint.MaxValue) == RetryVerdict.LimitExceeded)
        {
            exchange.RetriesExhausted = true;
            return false;
        }

        exchange.BodyTooLargeToRetry = exchange.Body is { CanReplay: false };
        if (exchange.BodyTooLargeToRetry)
        {
            return false;
        }

        exchange.RetryOverflowed = !exchange.Retries.TryReserve();
        return !exchange.RetryOverflowed;
    }

    /// <summary>Makes the body replayable and starts the deadline: at once without a body, else when the client has sent it all, because the time of an upload is the client's.</summary>
    private static void PrepareBody(HttpExchange exchange, ForwardAction action, RetryState retries)
    {
        HttpContext context = exchange.Context;
        bool isUpgrade = exchange.IsUpgrade;
        bool waitsForBody = !isUpgrade && exchange.CanHaveBody;
        exchange.SendsBody = isUpgrade || waitsForBody;
        RequestClock clock = exchange.Clock;
        TimeSpan longest = StreamDuration.Of(action, exchange.Config?.MaxStreamDuration ?? TimeSpan.Zero, exchange.RequestHeaders[GrpcDeadline.HeaderName]);
        if (longest > TimeSpan.Zero)
        {
            clock.LimitTo(longest, FailureReason.StreamTooLong);
        }

        if (!waitsForBody)
        {
            clock.RequestSent();
            return;
        }

        if (exchange.Config is { RequestTimeout: { } upload } && upload > TimeSpan.Zero)
        {
            clock.LimitUpload(upload);
        }

        if (retries.MaxRetries > 0 || clock.Deadline is not null || clock.Limits.PerTry > TimeSpan.Zero || clock.WatchesSilence || exchange.StreamIdleTimeout > TimeSpan.Zero)
        {
            int maxBytes = (int)Math.Min(exchange.Match.Route?.BodyBufferLimit ?? MaxReplayBytes, int.MaxValue / 2);
            exchange.Body = new ReplayBody(
                context.Request.Body, retries.MaxRetries > 0 ? maxBytes : 0, clock.OnRequestSent, clock.WatchesSilence ? clock.OnMoved : null);
            context.Request.Body = exchange.Body;
        }
    }
}
