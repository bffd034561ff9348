using System.Globalization;
using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary><c>envoy.config.cluster.v3.CircuitBreakers</c> to <see cref="CircuitBreakerLimits"/>.</summary>
internal static class CircuitBreakerDecoder
{
    private const double DefaultBudgetPercent = 20;
    private const uint DefaultBudgetConcurrency = 3;

    /// <summary>The first thresholds of a priority, with Envoy's defaults where nothing was sent.</summary>
    public static CircuitBreakerLimits Limits(Cluster message, RoutingPriority priority, DecodeContext context)
    {
        CircuitBreakerLimits defaults = CircuitBreakerLimits.EnvoyDefaults;
        if (message.CircuitBreakers is not { } breakers)
            return defaults;
        if (breakers.PerHostThresholds.Count > 0)
            context.Ignore("circuit_breakers.per_host_thresholds", "limits count for the cluster as a whole");
        for (int i = 0; i < breakers.Thresholds.Count; i++)
        {
            CircuitBreakers.Types.Thresholds sent = breakers.Thresholds[i];
            if (sent.Priority != priority)
                continue;
            using DecodeScope scope = context.Field("circuit_breakers.thresholds", i);
            if (sent.MaxConnectionPools is not null)
                context.Ignore("max_connection_pools", "pools are bounded by the number of endpoints");
            return new CircuitBreakerLimits(
                sent.MaxConnections ?? defaults.MaxConnections,
                sent.MaxPendingRequests ?? defaults.MaxPendingRequests,
                sent.MaxRequests ?? defaults.MaxRequests,
                sent.MaxRetries ?? defaults.MaxRetries)
            {
                RetryBudget = Budget(sent.RetryBudget, context),
            };
        }

        return defaults;
    }

    private static RetryBudget? Budget(CircuitBreakers.Types.Thresholds.Types.RetryBudget? sent, DecodeContext context)
    {
        if (sent is null)
            return null;
        double percent = sent.BudgetPercent?.Value ?? DefaultBudgetPercent;
        if (percent is not (>= 0 and <= 100))
            context.RefuseValue("retry_budget.budget_percent", percent.ToString(CultureInfo.InvariantCulture), "0-100");
        if (sent.BudgetInterval is not null)
            context.Ignore("retry_budget.budget_interval", "the share is taken of the requests under way at the moment of the retry");
        return new RetryBudget(percent, sent.MinRetryConcurrency ?? DefaultBudgetConcurrency);
    }
}
