using System.CommandLine;
using System.CommandLine.Parsing;
using Waypoint.Options;

namespace Waypoint.Cli;

/// <summary>The command tree. Each command has a class of its own, which holds its options and builds the settings of what it starts.</summary>
internal static class WaypointCommandLine
{
    /// <summary>Exit code when the values on the command line or in the environment cannot be used.</summary>
    public const int UsageExitCode = 2;

    public static RootCommand Create() => new("An L7 waypoint proxy for Istio ambient mode, configured by istiod over xDS.")
    {
        RunCommand.Create(),
        ConnectCommand.Create(),
        ProxyCommand.Create(),
        AuthzCommand.Create(),
        VersionCommand.Create(),
    };

    /// <summary>Parses and runs; every problem with the input is one line on standard error.</summary>
    public static async Task<int> InvokeAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"waypoint: {error.Message}");
            await Console.Error.WriteLineAsync($"waypoint: 'waypoint {PathOf(parsed.CommandResult)}--help' lists what is accepted.");
            return UsageExitCode;
        }
        // Signals are handled by what runs: a drain takes longer than the library's two seconds.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OptionProblemException problem)
        {
            foreach (var one in problem.Problems)
                await Console.Error.WriteLineAsync($"waypoint: {one}");
            return UsageExitCode;
        }
    }

    /// <summary>Names of a command and of those it stands in, each with a blank behind it; nothing for the program itself.</summary>
    private static string PathOf(SymbolResult? result) => result switch
    {
        null or CommandResult { Command: RootCommand } => "",
        CommandResult command => PathOf(command.Parent) + command.Command.Name + " ",
        _ => PathOf(result.Parent),
    };
}
