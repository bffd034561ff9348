using Microsoft.AspNetCore.Http;
using Waypoint.Model.Failures;
using Waypoint.Model.Filters.Fault;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.Fault;

/// <summary>Delays and aborts requests on purpose (<c>envoy.filters.http.fault</c>). The decision is the model's; this waits and answers. The delay is over before
/// the route's timeout begins to run, and an abort is never tried again: both are the router's.</summary>
internal sealed class FaultFilter(FaultFilterConfig config) : IHttpFilter
{
    public ValueTask<bool> ApplyAsync(HttpExchange exchange)
    {
        FaultInjection faults = exchange.FilterConfig(config.Name) switch
        {
            FaultRouteConfig perRoute => perRoute.Faults,
            { Disabled: true } => FaultInjection.None,
            _ => config.Faults,
        };
        TimeSpan delay = faults.DelayFor(HttpExchange.RandomValue());
        return delay > TimeSpan.Zero ? DelayAsync(exchange, faults, TimerLimit.OrNever(delay)) : AbortOrPassAsync(exchange, faults);
    }

    private static async ValueTask<bool> DelayAsync(HttpExchange exchange, FaultInjection faults, TimeSpan delay)
    {
        exchange.DelayInjected = true;
        await Task.Delay(delay, exchange.Time, exchange.ClientGone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (exchange.ClientGone.IsCancellationRequested)
        {
            await LocalReply.FailAsync(exchange, FailureReason.ClientGone).ConfigureAwait(false);
            return false;
        }

        return await AbortOrPassAsync(exchange, faults).ConfigureAwait(false);
    }

    private static ValueTask<bool> AbortOrPassAsync(HttpExchange exchange, FaultInjection faults) =>
        faults.Aborts(HttpExchange.RandomValue()) ? AbortAsync(exchange, faults) : new(true);

    private static async ValueTask<bool> AbortAsync(HttpExchange exchange, FaultInjection faults)
    {
        // A gRPC status says nothing to another client, which gets 200 with the text.
        int status = faults.AbortGrpcStatus is null ? faults.AbortStatus : StatusCodes.Status200OK;
        await LocalReply.FailAsync(exchange, FailureReason.FaultInjected, status, faults.AbortGrpcStatus).ConfigureAwait(false);
        return false;
    }
}
