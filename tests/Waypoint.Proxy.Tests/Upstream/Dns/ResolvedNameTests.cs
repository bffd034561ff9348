using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Model.Clusters;
using Waypoint.Proxy.Upstream.Dns;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Upstream.Dns;

public sealed class ResolvedNameTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly DnsSettings Settings = new() { RefreshRate = TimeSpan.FromSeconds(60), RespectTtl = true, FailureBase = TimeSpan.FromSeconds(4), FailureMax = TimeSpan.FromSeconds(8) };

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedResolver _resolver = new();
    private readonly Log _log = new();

    [Fact]
    public async Task Run_TtlIsOver_AskedAgainAndTheChangeTold()
    {
        await using ResolvedName name = Start(_resolver.Answer("a.example", 30, "10.0.0.1").Answer("a.example", 30, "10.0.0.2"));
        int changes = 0;
        name.Changed += () => changes++;
        await name.FirstAnswer.WaitAsync(Patience);
        Assert.Equal(TimeSpan.FromSeconds(30), await _time.NextTimerAsync());

        _time.Advance(TimeSpan.FromSeconds(30));
        await _time.NextTimerAsync();

        Assert.Equal([IPAddress.Parse("10.0.0.2")], name.Addresses);
        Assert.True(changes >= 1);
    }

    [Fact]
    public async Task Run_SameAddressesInAnotherOrder_NoChange()
    {
        await using ResolvedName name = Start(_resolver.Answer("a.example", 30, "10.0.0.1", "10.0.0.2").Answer("a.example", 30, "10.0.0.2", "10.0.0.1"));
        await _time.NextTimerAsync();
        IReadOnlyList<IPAddress> before = name.Addresses;

        _time.Advance(TimeSpan.FromSeconds(30));
        await _time.NextTimerAsync();

        Assert.Same(before, name.Addresses);
    }

    [Fact]
    public async Task Run_ServerFails_AddressesStayAndTheLogSaysWhichAndWhyOnce()
    {
        await using ResolvedName name = Start(_resolver.Answer("a.example", 30, "10.0.0.1").Fail("a.example", "SERVFAIL").Fail("a.example", "SERVFAIL").Answer("a.example", 30, "10.0.0.1"));
        await _time.NextTimerAsync();
        _time.Advance(TimeSpan.FromSeconds(30));
        TimeSpan first = await _time.NextTimerAsync();
        _time.Advance(first);
        TimeSpan second = await _time.NextTimerAsync();

        Assert.Equal([IPAddress.Parse("10.0.0.1")], name.Addresses);
        Assert.InRange(first.TotalSeconds, 2, 4);
        Assert.InRange(second.TotalSeconds, 4, 8);
        string warning = Assert.Single(_log.Lines);
        Assert.Contains("a.example", warning, StringComparison.Ordinal);
        Assert.Contains("SERVFAIL", warning, StringComparison.Ordinal);

        _time.Advance(second);
        await _time.NextTimerAsync();
        Assert.Contains("again", _log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NameHasNoAddressAnyMore_NoneAndTold()
    {
        await using ResolvedName name = Start(_resolver.Answer("a.example", 30, "10.0.0.1").Answer("a.example", 30));
        await _time.NextTimerAsync();

        _time.Advance(TimeSpan.FromSeconds(30));
        await _time.NextTimerAsync();

        Assert.Empty(name.Addresses);
        Assert.Contains("has no address", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_TwoHoldersOfOneName_AskedOnceAndStoppedWithTheLast()
    {
        await using var table = new NameTable(_resolver.Answer("a.example", 30, "10.0.0.1"), _time, NullLogger<NameTable>.Instance);
        ResolvedName one = table.Hold("A.example", Settings), two = table.Hold("a.example", Settings);
        await one.FirstAnswer.WaitAsync(Patience);

        Assert.Same(one, two);
        Assert.Single(_resolver.Asked);
        table.Release(one);
        Assert.Single(table.Find("a.example", Settings));
        table.Release(two);
        Assert.Empty(table.Find("a.example", Settings));
    }

    private ResolvedName Start(IDnsResolver resolver)
    {
        var name = new ResolvedName("a.example", Settings, resolver, _time, _log);
        name.Start();
        return name;
    }

    private sealed class Log : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Add(formatter(state, exception));
        }
    }
}
