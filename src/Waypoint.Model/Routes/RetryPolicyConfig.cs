using Waypoint.Model.Matching;

namespace Waypoint.Model.Routes;

/// <summary><c>envoy.config.route.v3.RetryPolicy</c>. Immutable data; <see cref="RetryDecision"/> reads it.</summary>
public sealed class RetryPolicyConfig
{
    private static readonly TimeSpan DefaultBaseInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Retries nothing.</summary>
    public static RetryPolicyConfig None { get; } = new();

    /// <summary><c>retry_on</c>.</summary>
    public RetryOn RetryOn { get; init; }

    /// <summary><c>num_retries</c>, tries after the first; default 1.</summary>
    public int MaxRetries { get; init; } = 1;

    /// <summary><c>retriable_status_codes</c>.</summary>
    public IReadOnlyList<int> RetriableStatusCodes { get; init; } = [];

    /// <summary><c>retriable_headers</c>: one that fits the response is enough.</summary>
    public IReadOnlyList<HeaderMatcher> RetriableHeaders { get; init; } = [];

    /// <summary><c>retriable_request_headers</c>: unless empty, only requests that one of them fits are retried.</summary>
    public IReadOnlyList<HeaderMatcher> RetriableRequestHeaders { get; init; } = [];

    /// <summary><c>per_try_timeout</c>; null or zero: the route's timeout alone counts.</summary>
    public TimeSpan? PerTryTimeout { get; init; }

    /// <summary><c>per_try_idle_timeout</c>; null or zero: none.</summary>
    public TimeSpan? PerTryIdleTimeout { get; init; }

    /// <summary><c>retry_back_off.base_interval</c>, at least 1 ms; null: absent.</summary>
    public TimeSpan? BaseInterval { get; init; }

    /// <summary><c>retry_back_off.max_interval</c>, at least 1 ms; null: absent.</summary>
    public TimeSpan? MaxInterval { get; init; }

    /// <summary><see cref="BaseInterval"/> with its default of 25 ms.</summary>
    public TimeSpan EffectiveBaseInterval => BaseInterval ?? DefaultBaseInterval;

    /// <summary><see cref="MaxInterval"/> with its default of ten times the base.</summary>
    public TimeSpan EffectiveMaxInterval => MaxInterval ?? EffectiveBaseInterval * 10;

    /// <summary><c>rate_limited_retry_back_off.reset_headers</c>: the first that the response has says how long to wait.</summary>
    public IReadOnlyList<RetryResetHeader> ResetHeaders { get; init; } = [];

    /// <summary><c>rate_limited_retry_back_off.max_interval</c>, at least 1 ms; default 300 s. What a header says beyond it is not followed.</summary>
    public TimeSpan ResetMaxInterval { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary><c>retry_host_predicate</c> has <c>envoy.retry_host_predicates.previous_hosts</c>: hosts tried before are avoided.</summary>
    public bool AvoidPreviousHosts { get; init; }

    /// <summary><c>retry_priority</c> is <c>envoy.retry_priorities.previous_priorities</c> with this <c>update_frequency</c>; 0: absent.</summary>
    public int PreviousPrioritiesUpdateFrequency { get; init; }

    /// <summary><c>host_selection_retry_max_attempts</c>: how often another host is drawn before the last one is taken as it is; default 1.</summary>
    public int HostSelectionAttempts { get; init; } = 1;
}
