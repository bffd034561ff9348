using System.CommandLine;
using System.CommandLine.Help;
using System.Text;

namespace Waypoint.Options;

/// <summary>Writes docs/options.md from the command tree and the table of environment variables, so that the page cannot say anything else than the code.</summary>
internal static class OptionsDocument
{
    /// <summary>The whole page.</summary>
    public static string Render(RootCommand root)
    {
        var page = new StringBuilder();
        page.Append("# Options\n\nMade from the code; a test compares this page with it (`WAYPOINT_UPDATE_DOCS=1` with that test writes it anew).\n");
        foreach (var command in root.Subcommands)
            AppendCommand(page, command, command.Name);
        page.Append("\n## Environment of `waypoint proxy`\n\n");
        page.Append("Names are those of istiod's pod template; only `WAYPOINT_*` are ours. Durations are written as `45s`, `1h30m`, `500ms`.\n\n");
        page.Append("| variable | accepted | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var variable in EnvironmentTable.All)
            page.Append($"| `{variable.Name}` | {Cell(variable.Accepted)} | {Cell(variable.Default)} | {Cell(variable.Meaning)} |\n");
        return page.ToString();
    }

    private static void AppendCommand(StringBuilder page, Command command, string name)
    {
        foreach (var inner in command.Subcommands)
            AppendCommand(page, inner, $"{name} {inner.Name}");
        if (command.Subcommands.Count > 0)
            return;
        page.Append($"\n## `waypoint {name}`\n\n{command.Description}\n");
        var options = command.Options.Where(o => o is not HelpOption).ToArray();
        if (options.Length == 0)
            return;
        page.Append("\n| option | default | meaning |\n| --- | --- | --- |\n");
        foreach (var option in options)
        {
            var usage = option.HelpName is { } help ? $"{option.Name} {help}" : option.Name;
            page.Append($"| `{usage}` | {Cell(Default(option))} | {Cell(option.Description ?? "")} |\n");
        }
    }

    private static string Default(Option option)
    {
        if (option.Required)
            return "required";
        if (option.ValueType == typeof(bool))
            return "off";
        return option.HasDefaultValue && option.GetDefaultValue()?.ToString() is { Length: > 0 } value ? $"`{value}`" : "";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
