using System.CommandLine;
using Waypoint.Load.Commands;

namespace Waypoint.Load;

/// <summary>What stands around a proxy under load: its configuration and certificates, the ztunnels on both sides, and clients that Debian has no tool for.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        // As in the waypoint itself, and before the first socket: the shims must not be what is measured.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        var root = new RootCommand("Surroundings of a waypoint under load. bench/load/run puts them together.")
        {
            MakeConfigCommand.Create(),
            SourceCommand.Create(),
            DestinationCommand.Create(),
            PaceCommand.Create(),
            PullCommand.Create(),
            HandshakeCommand.Create(),
            IdleCommand.Create(),
        };
        return root.Parse(args).InvokeAsync();
    }
}
