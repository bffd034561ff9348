using System.Threading.Channels;

namespace Waypoint.Tests;

/// <summary>A clock that moves when the test says so; timers fire in order while it moves.</summary>
internal sealed class ScriptedTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private readonly Channel<bool> _armed = Channel.CreateUnbounded<bool>();
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Waits until code under test sleeps, gives the length of that sleep, and lets it end.</summary>
    public async Task<TimeSpan> NextSleepAsync()
    {
        await _armed.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Alarm next;
        TimeSpan length;
        lock (_gate)
        {
            next = _alarms.MinBy(a => a.Due)!;
            length = next.Due - _now;
            _now = next.Due;
            _alarms.Remove(next);
        }
        next.Fire();
        return length;
    }

    private sealed class Alarm(ScriptedTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._alarms.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time._now + dueTime;
                time._alarms.Add(this);
            }
            time._armed.Writer.TryWrite(true);
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
