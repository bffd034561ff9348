namespace Waypoint.EndToEnd.Tests;

/// <summary>Watches the process's memory while something runs. Client, waypoint and pods are all in this process.</summary>
internal sealed class MemoryWatch
{
    private const long MaxGrowth = 160L << 20;
    private readonly long _before = Environment.WorkingSet;
    private long _highest;

    /// <summary>Waits, looking at the memory every 50 ms.</summary>
    internal async Task<T> DuringAsync<T>(Task<T> running)
    {
        while (await Task.WhenAny(running, Task.Delay(50)) != running)
            _highest = Math.Max(_highest, Environment.WorkingSet);
        return await running;
    }

    /// <summary>Fails if it grew as if what passed had been kept.</summary>
    internal void CheckFlat() => Assert.True(_highest - _before < MaxGrowth, $"{(_highest - _before) >> 20} MiB more");
}
