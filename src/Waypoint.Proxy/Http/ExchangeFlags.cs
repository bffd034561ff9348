using Waypoint.Model.Failures;

namespace Waypoint.Proxy.Http;

/// <summary>The response flags of a request.</summary>
internal static class ExchangeFlags
{
    /// <summary>All flags with commas between, <c>-</c> for none.</summary>
    public static string Of(HttpExchange exchange, bool longForm)
    {
        ResponseFlag? failure = ResponseFlags.Find(FailureTable.Of(exchange.Failure).Flag);
        if (failure is null && !exchange.RetriesExhausted && !exchange.RetryOverflowed && !exchange.DelayInjected)
        {
            return ResponseFlags.None;
        }

        var flags = new List<ResponseFlag>(3);
        if (failure is { } flag)
        {
            flags.Add(flag);
        }

        if (exchange.DelayInjected)
        {
            flags.Add(ResponseFlag.DelayInjected);
        }

        if (exchange.RetryOverflowed && failure is not ResponseFlag.UpstreamOverflow)
        {
            flags.Add(ResponseFlag.UpstreamOverflow);
        }

        if (exchange.RetriesExhausted)
        {
            flags.Add(ResponseFlag.UpstreamRetryLimitExceeded);
        }

        return ResponseFlags.Join(flags, longForm);
    }
}
