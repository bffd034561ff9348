using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.Routes;

namespace Waypoint.Proxy.Upstream;

/// <summary>The tries of one request so far. The decision whether to try again is the model's; this remembers what it needs.</summary>
internal sealed class RetryState(RetryPlan? plan, TimeProvider time)
{
    private List<EndpointRuntime>? _tried;
    private Endpoint[] _hosts = [];
    private CircuitBreaker? _breaker;
    private CircuitBreakerLimits _limits = CircuitBreakerLimits.EnvoyDefaults;
    private bool _isReserved;
    private int _backOffs;
    private TimeSpan? _askedPause;

    /// <summary>Tries allowed after the first.</summary>
    public int MaxRetries => plan is { RetryOn: not RetryOn.None } wanted ? wanted.MaxRetries : 0;

    /// <summary>Tries made and given up.</summary>
    public int Retries => _tried?.Count ?? 0;

    /// <summary>Tries left.</summary>
    public int RetriesLeft => MaxRetries - Retries;

    /// <summary>What the last try ended in; <see cref="FailureReason.None"/> if its answer was kept back.</summary>
    public FailureReason LastFailure { get; private set; }

    /// <summary>How often another host is drawn when the drawn one has been tried.</summary>
    public int HostSelectionAttempts => plan is { Policy: { AvoidPreviousHosts: true } policy } ? policy.HostSelectionAttempts : 0;

    /// <summary>The endpoints of earlier tries, for the balancer to pass over.</summary>
    public ReadOnlySpan<Endpoint> HostsToAvoid => HostSelectionAttempts > 0 ? _hosts : [];

    /// <summary>The route lets retries leave the priorities that were tried (<c>retry_priority</c>).</summary>
    public bool LeavesPriorities => plan is { Policy.PreviousPrioritiesUpdateFrequency: > 0 };

    /// <summary>Priorities that the next try leaves out, one bit each; worked out anew after every so many tries.</summary>
    public ulong ExcludedPriorities { get; private set; }

    /// <summary>Whether this request has been at <paramref name="endpoint"/>.</summary>
    public bool WasTried(EndpointRuntime endpoint)
    {
        if (_tried is null)
        {
            return false;
        }

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
        (_tried ??= []).Add(endpoint);
        _hosts = [.. _hosts, endpoint.Endpoint];
        LastFailure = failure;
        if (LeavesPriorities && _tried.Count % plan!.Value.Policy.PreviousPrioritiesUpdateFrequency == 0)
        {
            foreach (EndpointRuntime tried in _tried)
            {
                ExcludedPriorities |= tried.Priority < 64 ? 1UL << tried.Priority : 0;
            }
        }
    }

    /// <summary>Whether the policy wants another try after one that ended without an answer.</summary>
    public bool WantsRetry(FailureReason failure)
    {
        // Envoy behind its internal hop counts a connection that ended unanswered as one that no request was sent on (measured); a reset stream had begun.
        bool started = failure is not (FailureReason.UpstreamClosed or FailureReason.ConnectFailure or FailureReason.ConnectTimeout or FailureReason.TunnelRefused);
        _askedPause = null;
        return plan is { } wanted && RetryDecision.WantsRetry(wanted, new AttemptResult(failure, 0, started), new NoHeaders());
    }

    /// <summary>Whether the policy wants another try after an answer, seen from its headers.</summary>
    public bool WantsRetry(HttpResponseMessage response)
    {
        if (plan is not { } wanted)
        {
            return false;
        }

        var headers = new UpstreamHeaderView(response);
        if (!RetryDecision.WantsRetry(wanted, new AttemptResult(FailureReason.None, (int)response.StatusCode, RequestStarted: true), headers))
        {
            return false;
        }

        _askedPause = wanted.Policy.ResetHeaders.Count > 0 ? RetryDecision.ResetBackOff(wanted.Policy, headers, time.GetUtcNow(), Random64()) : null;
        return true;
    }

    /// <summary>The pause before the next try.</summary>
    public TimeSpan NextPause() => _askedPause ?? RetryDecision.BackOff(plan!.Value.Policy, ++_backOffs, Random64());

    private static ulong Random64()
    {
#pragma warning disable CA5394 // spreads load, protects nothing
        return (ulong)Random.Shared.NextInt64();
#pragma warning restore CA5394
    }
}
