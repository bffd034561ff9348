using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.Routes;

namespace Waypoint.Proxy.Upstream;

/// <summary>The tries of one request so far. The decision whether to try again is the model's; this remembers what it needs.</summary>
internal sealed class RetryState(RetryPolicyConfig? policy)
{
    private readonly List<EndpointRuntime> _tried = [];
    private Endpoint[] _hosts = [];
    private CircuitBreaker? _breaker;
    private CircuitBreakerLimits _limits = CircuitBreakerLimits.EnvoyDefaults;
    private bool _isReserved;

    /// <summary>The route's policy; null: one try only.</summary>
    public RetryPolicyConfig? Policy => policy;

    /// <summary>Tries allowed after the first.</summary>
    public int MaxRetries => policy?.MaxRetries ?? 0;

    /// <summary>Tries made and given up.</summary>
    public int Retries => _tried.Count;

    /// <summary>False when no try is left.</summary>
    public bool HasTriesLeft => Retries < MaxRetries;

    /// <summary>What the last try ended in; <see cref="FailureReason.None"/> if its answer was kept back.</summary>
    public FailureReason LastFailure { get; private set; }

    /// <summary>How often another host is drawn when the drawn one has been tried.</summary>
    public int HostSelectionAttempts => policy is { AvoidPreviousHosts: true } ? policy.HostSelectionAttempts : 0;

    /// <summary>The endpoints of earlier tries, for the balancer to pass over.</summary>
    public ReadOnlySpan<Endpoint> HostsToAvoid => HostSelectionAttempts > 0 ? _hosts : [];

    /// <summary>The route lets retries leave the priorities that were tried (<c>retry_priority</c>).</summary>
    public bool LeavesPriorities => policy is { PreviousPrioritiesUpdateFrequency: > 0 };

    /// <summary>Priorities that the next try leaves out, one bit each; worked out anew after every so many tries.</summary>
    public ulong ExcludedPriorities { get; private set; }

    /// <summary>Whether this request has been at <paramref name="endpoint"/>.</summary>
    public bool WasTried(EndpointRuntime endpoint)
    {
        foreach (EndpointRuntime tried in _tried)
        {
            if (ReferenceEquals(tried, endpoint))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Retries of this request count in <paramref name="breaker"/> from now on.</summary>
    public void CountIn(CircuitBreaker breaker, CircuitBreakerLimits limits)
    {
        _breaker = breaker;
        _limits = limits;
    }

    /// <summary>Counts the retry to come in the cluster's circuit breaker; false if too many are under way. The retry before it, if there was one, is over.</summary>
    public bool TryReserve()
    {
        Release();
        return _isReserved = _breaker is null || _breaker.TryStartRetry(_limits);
    }

    /// <summary>No retry of this request is under way any more.</summary>
    public void Release()
    {
        if (_isReserved)
        {
            _isReserved = false;
            _breaker?.EndRetry();
        }
    }

    /// <summary>Notes a try that is to be followed by another.</summary>
    public void Tried(EndpointRuntime endpoint, FailureReason failure)
    {
        _tried.Add(endpoint);
        _hosts = [.. _hosts, endpoint.Endpoint];
        LastFailure = failure;
        if (LeavesPriorities && _tried.Count % policy!.PreviousPrioritiesUpdateFrequency == 0)
        {
            foreach (EndpointRuntime tried in _tried)
            {
                ExcludedPriorities |= tried.Priority < 64 ? 1UL << tried.Priority : 0;
            }
        }
    }

    /// <summary>Whether the policy wants another try after one that ended without an answer.</summary>
    public bool WantsRetry(FailureReason failure) =>
        policy is not null && RetryDecision.WantsRetry(policy, new AttemptResult(failure, 0, RequestStarted: true), new NoHeaders());

    /// <summary>Whether the policy wants another try after an answer, seen from its headers.</summary>
    public bool WantsRetry(HttpResponseMessage response) =>
        policy is not null && RetryDecision.WantsRetry(policy, new AttemptResult(FailureReason.None, (int)response.StatusCode, RequestStarted: true), new UpstreamHeaderView(response));

    /// <summary>The pause before the next try.</summary>
    public TimeSpan NextPause()
    {
#pragma warning disable CA5394 // spreads load, protects nothing
        return RetryDecision.BackOff(policy!, Retries, (ulong)Random.Shared.NextInt64());
#pragma warning restore CA5394
    }
}
