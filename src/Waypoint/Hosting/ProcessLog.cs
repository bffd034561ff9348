using Microsoft.Extensions.Logging;
using Waypoint.Logging;

namespace Waypoint.Hosting;

/// <summary>The log of a running command: one line per message on standard error, so that standard output has the access log only.</summary>
internal sealed class ProcessLog : IAsyncDisposable
{
    private readonly LineLoggerProvider _provider;

    public ProcessLog(LogLevels levels, TimeProvider time, bool json = false)
    {
        _provider = new LineLoggerProvider(levels, Console.Error, time, json);
        Factory = new LoggerFactory([_provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
    }

    public ILoggerFactory Factory { get; }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        Factory.Dispose();
    }
}
