using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Waypoint.Load.Clients;

/// <summary>Sends requests at a fixed rate, evenly spaced over all connections: each connection has a thread of its own, and its turns lie between the others'.</summary>
internal sealed partial class Pacer(string path, int rate)
{
    private readonly Lock _gate = new();
    private readonly List<double> _microseconds = [];
    private int _late;

    /// <summary>Round trips of all requests, in microseconds, ascending.</summary>
    public IReadOnlyList<double> Microseconds
    {
        get
        {
            _microseconds.Sort();
            return _microseconds;
        }
    }

    /// <summary>Requests that started more than one spacing after their turn, because the answer before had not come.</summary>
    public int Late => _late;

    /// <summary>Runs for <paramref name="span"/> on the calling threads' own schedule; returns when all requests are answered.</summary>
    public void Run(IReadOnlyList<PlainHttp> connections, TimeSpan span)
    {
        long start = Stopwatch.GetTimestamp();
        var threads = new List<Thread>();
        Exception? failure = null;
        for (int i = 0; i < connections.Count; i++)
        {
            int number = i;
            var thread = new Thread(() =>
            {
                try
                {
                    Turns(connections[number], start, (double)number / rate, (double)connections.Count / rate, span.TotalSeconds);
                }
                catch (IOException e)
                {
                    failure = e;
                }
            });
            thread.Start();
            threads.Add(thread);
        }
        threads.ForEach(static thread => thread.Join());
        if (failure is not null)
            throw new IOException("A paced connection failed.", failure);
    }

    private void Turns(PlainHttp connection, long start, double offset, double spacing, double span)
    {
        var own = new List<double>((int)(span / spacing) + 1);
        int late = 0;
        for (double turn = offset; turn < span; turn += spacing)
        {
            double wait = turn - Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (wait > 0)
                Sleep(wait);
            else if (wait < -spacing)
                late++;
            long sent = Stopwatch.GetTimestamp();
            connection.Get(path);
            own.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
        }
        lock (_gate)
        {
            _microseconds.AddRange(own);
            _late += late;
        }
    }

    private static void Sleep(double seconds)
    {
        var time = new TimeSpec { Seconds = (long)seconds, Nanoseconds = (long)((seconds - Math.Floor(seconds)) * 1e9) };
        _ = NanoSleep(in time, IntPtr.Zero);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, IntPtr remaining);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
