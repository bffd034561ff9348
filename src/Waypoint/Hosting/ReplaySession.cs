using Waypoint.Logging;

namespace Waypoint.Hosting;

internal static class ReplaySession
{
    public static Task<int> RunAsync(ReplaySettings settings, LogLevels levels) => Task.FromResult(settings is null ? 1 : 3);
}
