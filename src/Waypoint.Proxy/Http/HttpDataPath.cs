using Microsoft.Extensions.Logging;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Filters;
using Waypoint.Proxy.Telemetry;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Http;

/// <summary>The spine of the HTTP data path: <see cref="ServeAsync"/> lists what happens to a request, in order, and why in that order.</summary>
internal sealed class HttpDataPath(UpstreamRouter router, AccessLogWriter accessLog, ILogger<HttpDataPath> logger)
{
    /// <summary>Answers one request; never throws.</summary>
    public async Task ServeAsync(HttpExchange exchange)
    {
        try
        {
            // 0. A message that the codec refused is only to be answered; its placeholder must not be taken for a request.
            if (exchange.Wire is { Fault: { } fault })
            {
                await LocalReply.RefuseAsync(exchange, fault).ConfigureAwait(false);
                return;
            }

            if (exchange.Wire is { IsPayload: true })
            {
                // Unless it becomes the other protocol, what follows is no HTTP.
                exchange.Context.Response.Headers.Connection = "close";
            }

            // 1. The chain by name, in the newest snapshot: a tunnel outlives many configurations, and a policy that closes a door must close it for open tunnels too.
            FailureReason failure = FindChain(exchange, out HttpConnectionConfig? config);

            // 2. Hygiene and path normalisation before anything looks at the request: no policy may see another request than the upstream.
            failure = failure != FailureReason.None ? failure : RequestHygiene.Apply(exchange, config!);
            if (failure != FailureReason.None)
            {
                await LocalReply.FailAsync(exchange, failure).ConfigureAwait(false);
                return;
            }

            if (exchange.RedirectToPath)
            {
                await RouteReply.RedirectToNormalizedPathAsync(exchange).ConfigureAwait(false);
                return;
            }

            // 3. The route before the filters, because they take settings from it; that there is none is answered only after them, so that a stranger
            //    learns nothing about routes from the difference of 403 and 404.
            exchange.FindRoute(config!);

            // 4. Filters in configured order (istiod puts authentication before authorization); the first that answers ends the request.
            foreach (IHttpFilter filter in exchange.Chain!.Filters)
            {
                if (!await filter.ApplyAsync(exchange).ConfigureAwait(false))
                {
                    return;
                }
            }

            // 5. What the route says: an answer of our own, or 6. an upstream with timeout, retries and load balancing.
            await RunRouteAsync(exchange).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // the hop boundary: one request's bug must not take the connection's other requests with it
        catch (Exception bug)
#pragma warning restore CA1031
        {
            if (!exchange.ClientGone.IsCancellationRequested)
            {
                ProxyLog.RequestFailedInside(logger, bug, exchange.Method, exchange.OriginalPath, exchange.Tunnel.ChainName);
            }

            await LocalReply.FailAsync(exchange, FailureReason.Internal).ConfigureAwait(false);
        }
    }

    /// <summary>After the last byte: writes the request's one access-log record.</summary>
    public void Complete(HttpExchange exchange, Exception? exception)
    {
        bool toText = exchange.Config is { AccessLogEnabled: true };
        if (!toText && !accessLog.Always)
        {
            return;
        }

        if (exception is not null && exchange.Failure == FailureReason.None)
        {
            exchange.Failure = FailureReason.Internal;
        }

        accessLog.Write(ExchangeRecord.Of(exchange, toText));
    }

    private static FailureReason FindChain(HttpExchange exchange, out HttpConnectionConfig? config)
    {
        config = exchange.Config;
        if (config is not null)
        {
            return FailureReason.None;
        }

        // The tunnel's service is gone or refused: nothing more can be served on this connection.
        exchange.Context.Response.Headers.Connection = "close";
        return exchange.Chain is null ? FailureReason.NoFilterChain : FailureReason.ChainRefused;
    }

    private Task RunRouteAsync(HttpExchange exchange) => exchange.Match.Route?.Action switch
    {
        null => LocalReply.FailAsync(exchange, FailureReason.NoRoute),
        ForwardAction forward => router.ForwardAsync(exchange, exchange.Match.Route, forward),
        RedirectAction redirect => RouteReply.RedirectAsync(exchange, redirect),
        DirectResponseAction direct => RouteReply.DirectAsync(exchange, direct),
        _ => LocalReply.FailAsync(exchange, FailureReason.ChainRefused),
    };
}
