using Microsoft.Extensions.Logging;
using Waypoint.Options;

namespace Waypoint.Logging;

/// <summary>Which messages are written: a default level and levels of scopes. Made from the container's arguments, which speak of Envoy's and the agent's scopes:
/// <c>--proxyLogLevel</c> is about the data path, <c>--log_output_level</c> about everything else.</summary>
internal sealed class LogLevels
{
    private const string LevelNames = "trace, debug, info, warning (warn), error, critical (fatal), off (none)";
    private readonly List<KeyValuePair<string, LogLevel>> _scopes = [];

    /// <summary>Where no scope says otherwise.</summary>
    public LogLevel Default { get; private set; } = LogLevel.Information;

    /// <summary>Of the data path where no scope says otherwise.</summary>
    public LogLevel DataPath { get; private set; } = LogLevel.Warning;

    /// <summary>The level of a logger: its scope's, else its side's.</summary>
    public LogLevel Of(string category)
    {
        var dataPath = IsDataPath(category);
        var scope = LineLogger.ScopeOf(category);
        foreach (var (name, level) in _scopes)
        {
            if (name.Equals(scope, StringComparison.OrdinalIgnoreCase))
                return level;
        }
        if (category.StartsWith("Microsoft.", StringComparison.Ordinal) || category.StartsWith("Yarp.", StringComparison.Ordinal))
            return DataPath > LogLevel.Warning ? DataPath : LogLevel.Warning;
        return dataPath ? DataPath : Default;
    }

    /// <summary><c>default:info,ads:debug</c> or a single level.</summary>
    /// <exception cref="OptionProblemException">A level that does not exist.</exception>
    public LogLevels WithAgent(string text, string option)
    {
        foreach (var (scope, level) in Parse(text, option))
        {
            if (scope is "" or "default" or "all")
                Default = level;
            else
                _scopes.Add(new(scope, level));
        }
        return this;
    }

    /// <summary><c>warning</c> or <c>info,misc:error,upstream:debug</c>.</summary>
    /// <exception cref="OptionProblemException">A level that does not exist.</exception>
    public LogLevels WithDataPath(string text, string option)
    {
        foreach (var (scope, level) in Parse(text, option))
        {
            if (scope.Length == 0)
                DataPath = level;
            else
                _scopes.Add(new(scope, level));
        }
        return this;
    }

    private static bool IsDataPath(string category) =>
        category.StartsWith("Waypoint.Proxy", StringComparison.Ordinal) || category.StartsWith("Waypoint.Hbone", StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, LogLevel>> Parse(string text, string option)
    {
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = part.LastIndexOf(':');
            var name = colon < 0 ? part : part[(colon + 1)..];
            LogLevel? level = name.ToUpperInvariant() switch
            {
                "TRACE" => LogLevel.Trace,
                "DEBUG" => LogLevel.Debug,
                "INFO" => LogLevel.Information,
                "WARNING" or "WARN" => LogLevel.Warning,
                "ERROR" => LogLevel.Error,
                "CRITICAL" or "FATAL" => LogLevel.Critical,
                "OFF" or "NONE" => LogLevel.None,
                _ => null,
            };
            yield return level is { } found
                ? new(colon < 0 ? "" : part[..colon], found)
                : throw new OptionProblemException(option, part, $"LEVEL or SCOPE:LEVEL, separated by commas, with LEVEL one of {LevelNames}");
        }
    }
}
