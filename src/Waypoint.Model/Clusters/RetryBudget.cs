namespace Waypoint.Model.Clusters;

/// <summary><c>CircuitBreakers.Thresholds.RetryBudget</c>: retries as a share of the requests under way.</summary>
/// <param name="Percent"><c>budget_percent</c>, 0 to 100; default 20.</param>
/// <param name="MinimumConcurrency"><c>min_retry_concurrency</c>: retries that are always allowed; default 3.</param>
public sealed record RetryBudget(double Percent = 20, uint MinimumConcurrency = 3);
