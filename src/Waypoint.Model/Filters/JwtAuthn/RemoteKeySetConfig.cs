namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Keys that are fetched (<c>RemoteJwks</c>). Equal values mean the same keys, so they are fetched once for all who name them.</summary>
public sealed record RemoteKeySetConfig
{
    /// <summary><c>http_uri.uri</c>: http or https; its host is the authority of the request, the connection goes to <see cref="Cluster"/>.</summary>
    public required string Uri { get; init; }

    /// <summary><c>http_uri.cluster</c>.</summary>
    public required string Cluster { get; init; }

    /// <summary><c>http_uri.timeout</c> of one try.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary><c>cache_duration</c>: how long fetched keys are used; default 10 minutes.</summary>
    public TimeSpan CacheDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary><c>async_fetch</c>: keys are fetched ahead of the first request and refreshed on a timer.</summary>
    public bool FetchAhead { get; init; }

    /// <summary><c>async_fetch.failed_refetch_duration</c>: pause after a fetch that failed; default 1 s.</summary>
    public TimeSpan FailedRefetch { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>retry_policy.num_retries</c>: tries after the first; 0 without a policy.</summary>
    public int Retries { get; init; }

    /// <summary><c>retry_policy.retry_back_off.base_interval</c>; default 1 s.</summary>
    public TimeSpan BackOffBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>retry_policy.retry_back_off.max_interval</c>; default ten times the base.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(10);
}
