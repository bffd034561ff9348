namespace Waypoint.Hosting;

/// <summary>Waiting for a token as for an event.</summary>
internal static class CancellationWait
{
    /// <summary>Returns, without an exception, once the token is cancelled. The continuation runs on the pool, never inside a signal handler.</summary>
    public static async Task WhenCancelledAsync(this CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), cancelled);
        await cancelled.Task;
    }
}
