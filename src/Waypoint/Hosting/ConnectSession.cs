using Waypoint.Logging;

namespace Waypoint.Hosting;

internal static class ConnectSession
{
    public static Task<int> RunAsync(ConnectSettings settings, LogLevels levels) => Task.FromResult(settings is null ? 1 : 3);
}
