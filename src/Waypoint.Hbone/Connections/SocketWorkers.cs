using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Waypoint.Hbone.Connections;

/// <summary>The runtime's socket threads, numbered as Envoy numbers its workers. With inline completions a connection is served by one of them for its whole life, so a request whose two connections
/// belong to one worker never moves between cores: half the wake-ups, and no cache line that two cores write in turn. The runtime deals sockets out in turn and tells nobody; a socket of our own
/// that is sent a byte shows whose turn it was. A wrong guess (somebody else's socket came between) costs speed alone. One set for the process, as the threads are. Thread-safe.</summary>
public static class SocketWorkers
{
    /// <summary>Beyond this many threads connections would have to be held to every endpoint by each of them, and finding a thread takes a turn of all: they are not told apart then.</summary>
    public const int MaxWorkers = 8;

    // A connection that is needed now does not wait long for the better place: a busy thread answers late, and many may open connections at once.
    private static readonly TimeSpan MaxQueueing = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxProbing = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DiscoveryTimeout = TimeSpan.FromSeconds(1);

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly Lazy<Task> Discovery = new(FindAllAsync);

    // Whose turn comes after whose, as last seen.
    private static readonly int[] Next = new int[MaxWorkers];

    private static int s_found;
    private static volatile int s_count = 1;

    // Counted from 1; 0: no socket thread, or not found yet.
    [ThreadStatic]
    private static int t_number;

    /// <summary>How many are told apart; 1: none are.</summary>
    public static int Count => s_count;

    /// <summary>The worker that runs the caller, from 0; 0 too for every other thread.</summary>
    public static int Current => t_number > 0 && t_number <= s_count ? t_number - 1 : 0;

    /// <summary>Finds the threads, once for the process. Until then, and where completions are not inline or there are more than <see cref="MaxWorkers"/> processors, all count as one. Never faulted.</summary>
    public static Task DiscoverAsync() => Discovery.Value;

    /// <summary>Waits until the next socket of the process to begin an operation falls to <paramref name="worker"/>. Dispose the turn when that operation has begun: others wait for theirs.
    /// Null, for a socket that falls to anybody, if too many wait already; the wait is 120 ms at most.</summary>
    /// <param name="worker">A number below <see cref="Count"/>; anything else, and every number where there is but one, waits for nothing and gets null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<IDisposable?> WaitForTurnAsync(int worker, CancellationToken cancellationToken)
    {
        if (s_count < 2 || (uint)worker >= (uint)s_count)
            return null;
        if (!await Gate.WaitAsync(MaxQueueing, cancellationToken).ConfigureAwait(false))
            return null;
        long start = Stopwatch.GetTimestamp();
        try
        {
            // After one time around the order is known anew, whatever it was.
            for (int last = -1, tries = 0; tries <= 2 * s_count; tries++)
            {
                int seen = await ProbeAsync(MaxProbing - Stopwatch.GetElapsedTime(start)).ConfigureAwait(false);
                Note(last, seen);
                if (seen < 0 || Volatile.Read(ref Next[seen]) == worker)
                    break;
                last = seen;
            }
            return new Turn();
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            // Without a probe the socket falls to anybody, as it would without all this.
            return new Turn();
        }
        catch
        {
            Gate.Release();
            throw;
        }
    }

    private static async Task FindAllAsync()
    {
        if (Environment.ProcessorCount is 1 or > MaxWorkers)
            return;
        await Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            // Twice around: with the sockets of others in between, once may miss one. Longer only while there are fewer threads than processors, which a user may have asked for.
            int processors = Environment.ProcessorCount;
            for (int last = -1, i = 0; i <= 2 * processors || (i < 8 * processors && s_found < processors); i++)
            {
                int seen = await ProbeAsync(DiscoveryTimeout).ConfigureAwait(false);
                if (seen < 0)
                    return;
                Note(last, seen);
                last = seen;
            }
            s_count = Math.Max(s_found, 1);
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            // No loopback: nobody is told apart.
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Registers a socket and tells whom it fell to; -1 if its completion came on a thread of the pool. Throws <see cref="SocketException"/> and <see cref="TimeoutException"/>.</summary>
    private static async Task<int> ProbeAsync(TimeSpan timeout)
    {
        using var wait = new SocketAsyncEventArgs();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var arrived = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        wait.SetBuffer(new byte[1]);
        // A receive that is given up ends on the thread that disposes of the socket.
        wait.Completed += (_, done) => arrived.TrySetResult(done.SocketError == SocketError.Success ? NumberOfThread() : -1);
        if (!socket.ReceiveAsync(wait))
            return -1;
        socket.SendTo([0], socket.LocalEndPoint!);
        return await arrived.Task.WaitAsync(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero).ConfigureAwait(false);
    }

    private static int NumberOfThread()
    {
        if (Thread.CurrentThread.IsThreadPoolThread || (t_number == 0 && s_found == MaxWorkers))
            return -1;
        if (t_number == 0)
            t_number = Interlocked.Increment(ref s_found);
        return t_number - 1;
    }

    private static void Note(int last, int seen)
    {
        if (last >= 0 && seen >= 0)
            Volatile.Write(ref Next[last], seen);
    }

    private sealed class Turn : IDisposable
    {
        public void Dispose() => Gate.Release();
    }
}
