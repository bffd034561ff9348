namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>What a token filter counts, under Envoy's names (<c>jwt_authn.allowed</c> and so on). Safe for concurrent use.</summary>
internal sealed class JwtAuthnCounters
{
    private long _allowed;
    private long _bypassed;
    private long _denied;
    private long _fetchFailed;
    private long _fetched;
    private long _cacheHits;
    private long _cacheMisses;

    /// <summary><c>allowed</c>: requests that passed.</summary>
    public long Allowed => Interlocked.Read(ref _allowed);

    /// <summary><c>cors_preflight_bypassed</c>.</summary>
    public long Bypassed => Interlocked.Read(ref _bypassed);

    /// <summary><c>denied</c>.</summary>
    public long Denied => Interlocked.Read(ref _denied);

    /// <summary><c>jwks_fetch_failed</c>.</summary>
    public long FetchFailed => Interlocked.Read(ref _fetchFailed);

    /// <summary><c>jwks_fetch_success</c>.</summary>
    public long Fetched => Interlocked.Read(ref _fetched);

    /// <summary><c>jwt_cache_hit</c>.</summary>
    public long CacheHits => Interlocked.Read(ref _cacheHits);

    /// <summary><c>jwt_cache_miss</c>.</summary>
    public long CacheMisses => Interlocked.Read(ref _cacheMisses);

    public void CountAllowed() => Interlocked.Increment(ref _allowed);

    public void CountBypassed() => Interlocked.Increment(ref _bypassed);

    public void CountDenied() => Interlocked.Increment(ref _denied);

    public void CountFetch(bool succeeded) => Interlocked.Increment(ref succeeded ? ref _fetched : ref _fetchFailed);

    public void CountLookup(bool hit) => Interlocked.Increment(ref hit ? ref _cacheHits : ref _cacheMisses);
}
