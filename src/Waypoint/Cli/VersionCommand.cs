using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Waypoint.Agent;

namespace Waypoint.Cli;

/// <summary><c>waypoint version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>Version of this program.</summary>
    public static string Version { get; } = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static Command Create()
    {
        var command = new Command("version", "Prints the version of this program, the Istio release it speaks, and the runtime.");
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine($"waypoint {Version}, Istio {NodeIdentityBuilder.CompatibleIstioVersion}, {RuntimeInformation.FrameworkDescription}");
            return 0;
        });
        return command;
    }
}
