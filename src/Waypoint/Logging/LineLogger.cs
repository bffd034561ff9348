using Microsoft.Extensions.Logging;

namespace Waypoint.Logging;

/// <summary>The logger of one category.</summary>
internal sealed class LineLogger(string category, LogLevel least, LineLoggerProvider provider) : ILogger
{
    private readonly string _scope = ScopeOf(category);

    /// <summary>The scope as it is written and as levels name it: the last word of the category, in lower case.</summary>
    public static string ScopeOf(string category) => category[(category.LastIndexOf('.') + 1)..].ToLowerInvariant();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var message = formatter(state, exception);
        provider.Enqueue(logLevel, _scope, exception is null ? message : $"{message} {exception}");
    }
}
