using System.Threading.Channels;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Proxy.Filters.JwtAuthn;

namespace Waypoint.Proxy.Tests.Filters.JwtAuthn;

/// <summary>A key server that answers when the test says so.</summary>
internal sealed class ScriptedFetcher : IKeySetFetcher
{
    private readonly Channel<TaskCompletionSource<string?>> _asked = Channel.CreateUnbounded<TaskCompletionSource<string?>>();

    private int _fetches;

    public int Fetches => Volatile.Read(ref _fetches);

    public Task<string?> FetchAsync(RemoteKeySetConfig config)
    {
        Interlocked.Increment(ref _fetches);
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Writer.TryWrite(answer);
        return answer.Task;
    }

    /// <summary>Waits until it is asked, and answers; null: it fails.</summary>
    public async Task AnswerAsync(string? text)
    {
        TaskCompletionSource<string?> asked = await _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        asked.SetResult(text);
    }
}
