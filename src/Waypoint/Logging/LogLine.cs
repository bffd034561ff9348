using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Waypoint.Logging;

/// <summary>The form of a log line: Istio's columns (time, level, scope, message, separated by tabs), or its JSON keys.</summary>
internal static class LogLine
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static string Text(DateTimeOffset time, LogLevel level, string scope, string message) =>
        $"{Time(time)}\t{Name(level)}\t{scope}\t{OneLine(message)}";

    public static string Json(DateTimeOffset time, LogLevel level, string scope, string message) =>
        $$"""{"level":"{{Name(level)}}","time":"{{Time(time)}}","scope":{{Quote(scope)}},"msg":{{Quote(message)}}}""";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    /// <summary>A message with line breaks (an exception, or a peer's text) stays one line, so that nobody can forge a second one.</summary>
    private static string OneLine(string text) =>
        text.AsSpan().IndexOfAny('\r', '\n') < 0 ? text : text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", " | ", StringComparison.Ordinal);

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
