using Microsoft.Extensions.Logging;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Tokens;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>One key set that is fetched: at first need or ahead of it, kept for its time, refreshed while it still holds. At most one fetch runs; requests that need its
/// result wait for it. Without keys that hold, tokens are refused. Mutable and safe for concurrent use; reading takes no lock.</summary>
internal sealed class RemoteKeySet : IDisposable
{
    /// <summary>A set that is about to end is fetched anew by the first request in this time, so that none has to wait.</summary>
    private static readonly TimeSpan EarlyFetch = TimeSpan.FromSeconds(5);

    /// <summary>Requests do not ask a server that has just failed: each of them would hold its client for the whole timeout.</summary>
    private static readonly TimeSpan MaxPauseAfterFailure = TimeSpan.FromSeconds(1);

    // The first snapshot with the filter is published only after the filter was made: its cluster is not there before.
    private static readonly TimeSpan FirstFetchAhead = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly IKeySetFetcher _fetcher;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer? _timer;
    private Fetched? _fetched;
    private Task<KeySetAnswer>? _running;
    private long _failedAt;
    private bool _hasFailed;

    public RemoteKeySet(RemoteKeySetConfig config, IKeySetFetcher fetcher, TimeProvider time, ILogger logger)
    {
        Config = config;
        _fetcher = fetcher;
        _time = time;
        _logger = logger;
        _timer = config.FetchAhead ? time.CreateTimer(static set => ((RemoteKeySet)set!).Refresh(), this, FirstFetchAhead, Timeout.InfiniteTimeSpan) : null;
    }

    /// <summary>Where it is fetched.</summary>
    public RemoteKeySetConfig Config { get; }

    /// <summary>Fetches that gave keys.</summary>
    public long Successes { get; private set; }

    /// <summary>Fetches that did not.</summary>
    public long Failures { get; private set; }

    /// <summary>The keys that hold now; pending if there are none.</summary>
    public KeySetAnswer Current()
    {
        if (Volatile.Read(ref _fetched) is not { } fetched)
        {
            return default;
        }

        TimeSpan age = _time.GetElapsedTime(fetched.At);
        if (age >= Config.CacheDuration)
        {
            return default;
        }

        if (age >= Config.CacheDuration - EarlyFetch && age >= Config.CacheDuration / 2)
        {
            Refresh();
        }

        return KeySetAnswer.Of(fetched.Keys);
    }

    /// <summary>The keys after a fetch, or that there are none.</summary>
    public async Task<KeySetAnswer> FetchAsync(CancellationToken clientGone)
    {
        Task<KeySetAnswer> running;
        lock (_gate)
        {
            if (_running is null && IsPausing_Locked())
            {
                return KeySetAnswer.Failed(JwtStatus.JwksFetchFail);
            }

            running = _running ??= RunAsync();
        }

        try
        {
            return await running.WaitAsync(clientGone).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return KeySetAnswer.Failed(JwtStatus.JwksFetchFail);
        }
    }

    /// <summary>Nobody names it any more: it is not fetched ahead again. A fetch that runs ends as it would.</summary>
    public void Dispose() => _timer?.Dispose();

    private void Refresh()
    {
        lock (_gate)
        {
            if (_running is null && !IsPausing_Locked())
            {
                _running = RunAsync();
            }
        }
    }

    private bool IsPausing_Locked()
    {
        TimeSpan pause = Config.FailedRefetch < MaxPauseAfterFailure ? Config.FailedRefetch : MaxPauseAfterFailure;
        return _hasFailed && _time.GetElapsedTime(_failedAt) < pause;
    }

    private async Task<KeySetAnswer> RunAsync()
    {
        // The caller holds the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        string? text;
        try
        {
            text = await _fetcher.FetchAsync(Config).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // whatever it dies of, requests wait for the end of this task, and the next fetch may do better
        catch (Exception bug)
#pragma warning restore CA1031
        {
            JwtAuthnLog.NotFetched(_logger, Config.Uri, Config.Cluster, bug.ToString());
            text = null;
        }

        KeySet? keys = text is null ? null : Read(text);
        lock (_gate)
        {
            _running = null;
            _hasFailed = keys is null;
            if (keys is null)
            {
                Failures++;
                _failedAt = _time.GetTimestamp();
            }
            else
            {
                Successes++;
                Volatile.Write(ref _fetched, new Fetched(text!, keys, _time.GetTimestamp()));
            }
        }

        // Never shorter than this: a duration of nothing must not become a loop.
        TimeSpan next = keys is null ? Config.FailedRefetch : Config.CacheDuration > EarlyFetch ? Config.CacheDuration - EarlyFetch : Config.CacheDuration;
        _timer?.Change(next > FirstFetchAhead ? next : FirstFetchAhead, Timeout.InfiniteTimeSpan);
        return keys is null ? KeySetAnswer.Failed(JwtStatus.JwksFetchFail) : KeySetAnswer.Of(keys);
    }

    /// <summary>The same text gives the same object, so that tokens which were verified with it stay verified. Null if it cannot be used.</summary>
    private KeySet? Read(string text)
    {
        if (_fetched is { } before && before.Text == text)
        {
            return before.Keys;
        }

        KeySet keys = KeySet.Parse(text, LibraryKeyFactory.Instance);
        if (keys.Status != JwtStatus.Ok)
        {
            JwtAuthnLog.NotUsable(_logger, Config.Uri, keys.Status);
            return null;
        }

        JwtAuthnLog.Fetched(_logger, Config.Uri, keys.Keys.Count);
        return keys;
    }

    private sealed record Fetched(string Text, KeySet Keys, long At);
}
