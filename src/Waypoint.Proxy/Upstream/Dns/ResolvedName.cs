using System.Net;
using Microsoft.Extensions.Logging;
using Waypoint.Model.Clusters;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>One name that is kept resolved in the background for as long as it is needed. Mutable: its addresses. Reading them is one volatile read.</summary>
internal sealed class ResolvedName : IAsyncDisposable
{
    private readonly IDnsResolver _resolver;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IPAddress[] _addresses = [];
    private string? _toldProblem;
    private Task _loop = Task.CompletedTask;

    public ResolvedName(string name, DnsSettings settings, IDnsResolver resolver, TimeProvider time, ILogger logger)
    {
        Name = name;
        Settings = settings;
        _resolver = resolver;
        _time = time;
        _logger = logger;
    }

    /// <summary>Raised, on the loop's own thread, when the set of addresses has changed.</summary>
    public event Action? Changed;

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>How it is resolved.</summary>
    public DnsSettings Settings { get; }

    /// <summary>The addresses in force, in order of use; empty as long as none is known.</summary>
    public IReadOnlyList<IPAddress> Addresses => Volatile.Read(ref _addresses);

    /// <summary>Completes, never faulted, when the first question has been answered or has failed.</summary>
    public Task FirstAnswer => _firstAnswer.Task;

    /// <summary>Begins to ask.</summary>
    public void Start() => _loop = RunAsync(_stop.Token);

    /// <summary>Stops asking; the addresses stay as they are.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        int failures = 0;
        while (!stop.IsCancellationRequested)
        {
            DnsAnswer answer = await AskAsync(stop).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                break;
            }

            failures = answer.Problem is null ? 0 : failures + 1;
            Take(answer);
            _firstAnswer.TrySetResult();
#pragma warning disable CA5394 // spreads questions over time, protects nothing
            TimeSpan pause = Settings.NextRefresh(answer.TimeToLive, failures, Random.Shared.NextDouble());
#pragma warning restore CA5394
            await Task.Delay(pause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _firstAnswer.TrySetResult();
    }

    private async Task<DnsAnswer> AskAsync(CancellationToken stop)
    {
        try
        {
            return await _resolver.ResolveAsync(Name, Settings.Family, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return DnsAnswer.Failed("nobody needs it any more");
        }
#pragma warning disable CA1031 // one name that cannot be resolved must not stay so for ever because of our bug
        catch (Exception failure)
#pragma warning restore CA1031
        {
            DnsLog.FailedInside(_logger, failure, Name);
            return DnsAnswer.Failed(failure.Message);
        }
    }

    private void Take(DnsAnswer answer)
    {
        IPAddress[] before = _addresses;
        if (answer.Problem is { } problem)
        {
            Tell(problem, before.Length);
            return;
        }

        // Servers rotate their answers: a new order alone would make every pool begin anew.
        bool same = before.Length == answer.Addresses.Count && before.All(answer.Addresses.Contains);
        if (answer.Addresses.Count == 0)
        {
            Tell("", 0);
        }
        else if (_toldProblem is not null)
        {
            _toldProblem = null;
            DnsLog.Recovered(_logger, Name, answer.Addresses.Count);
        }

        if (!same)
        {
            Volatile.Write(ref _addresses, [.. answer.Addresses.Distinct()]);
            if (_logger.IsEnabled(LogLevel.Debug))
            {
                DnsLog.Changed(_logger, Name, string.Join(", ", _addresses.AsEnumerable()));
            }

            Changed?.Invoke();
        }
    }

    private void Tell(string problem, int count)
    {
        if (_toldProblem == problem)
        {
            return;
        }

        _toldProblem = problem;
        if (problem.Length == 0)
        {
            DnsLog.Empty(_logger, Name);
        }
        else
        {
            DnsLog.Failed(_logger, Name, problem, count);
        }
    }
}
