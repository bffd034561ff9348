using System.Net;
using System.Net.Sockets;
using Waypoint.Hbone.Connections;

namespace Waypoint.EndToEnd.Tests;

/// <summary>Which socket thread serves what, in the real runtime. Alone, because a socket of another test may take the turn that one here waited for.</summary>
[Collection(nameof(SocketWorkersTests))]
[CollectionDefinition(nameof(SocketWorkersTests), DisableParallelization = true)]
public sealed class SocketWorkersTests
{
    private const int Turns = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Discover_AsManyProcessorsAsAreToldApart_OneWorkerEach()
    {
        await SocketWorkers.DiscoverAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);

        int expected = Environment.ProcessorCount > SocketWorkers.MaxWorkers ? 1 : Environment.ProcessorCount;
        Assert.Equal(expected, SocketWorkers.Count);
        Assert.Equal(0, SocketWorkers.Current);
    }

    [Fact]
    public async Task WaitForTurn_EachWorkerInDisorder_TheNextSocketIsServedByIt()
    {
        await SocketWorkers.DiscoverAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);

        int right = 0;
        for (int i = 0; i < Turns; i++)
        {
            int wanted = i * 7 / 3 % SocketWorkers.Count;
            right += await ServedByAsync(wanted) == wanted ? 1 : 0;
        }

        // Something else in the process may open a socket meanwhile; by chance half of them would be right.
        Assert.InRange(right, Turns - 4, Turns);
    }

    [Fact]
    public async Task WaitForTurn_NoSuchWorker_WaitsForNothing()
    {
        await SocketWorkers.DiscoverAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Null(await SocketWorkers.WaitForTurnAsync(-1, TestContext.Current.CancellationToken));
        Assert.Null(await SocketWorkers.WaitForTurnAsync(SocketWorkers.MaxWorkers, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WaitForTurn_TurnIsTaken_TheNextGoesWithoutOneAndTheOneAfterItGetsIt()
    {
        await SocketWorkers.DiscoverAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.SkipUnless(SocketWorkers.Count > 1, "One processor, or too many: there are no turns.");
        IDisposable? first = await SocketWorkers.WaitForTurnAsync(0, TestContext.Current.CancellationToken);

        Assert.NotNull(first);
        Assert.Null(await SocketWorkers.WaitForTurnAsync(1, TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SocketWorkers.WaitForTurnAsync(1, new CancellationToken(canceled: true)).AsTask());
        first.Dispose();
        using IDisposable? third = await SocketWorkers.WaitForTurnAsync(1, TestContext.Current.CancellationToken);
        Assert.NotNull(third);
    }

    private static async Task<int> ServedByAsync(int wanted)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var served = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var wait = new SocketAsyncEventArgs();
        wait.SetBuffer(new byte[1]);
        wait.Completed += (_, _) => served.TrySetResult(SocketWorkers.Current);
        using (await SocketWorkers.WaitForTurnAsync(wanted, TestContext.Current.CancellationToken))
        {
            Assert.True(socket.ReceiveAsync(wait));
        }

        socket.SendTo([0], socket.LocalEndPoint!);
        return await served.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
