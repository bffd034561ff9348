using Waypoint.Cli;
using Waypoint.Hosting;

namespace Waypoint;

/// <summary>Entry point: runtime switches first, then the command line.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments)
    {
        RuntimeSwitches.Apply();
        return WaypointCommandLine.InvokeAsync(arguments);
    }
}
