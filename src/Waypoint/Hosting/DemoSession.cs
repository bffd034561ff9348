using Waypoint.Logging;

namespace Waypoint.Hosting;

internal static class DemoSession
{
    public static Task<int> RunAsync(DemoSettings settings, LogLevels levels) => Task.FromResult(settings is null ? 1 : 3);
}
