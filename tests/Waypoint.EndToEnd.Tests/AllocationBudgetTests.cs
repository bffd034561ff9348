using System.Buffers;
using System.IO.Pipelines;
using Waypoint.Demo;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.EndToEnd.Tests;

/// <summary>What a proxied request may allocate, from the client's ztunnel to the pod and back. To be lowered whenever the figure falls, never raised without a reason in the commit.</summary>
[Collection(MeshInOneProcess.Addresses)]
public sealed class AllocationBudgetTests(CannedMesh mesh, ITestOutputHelper output) : IClassFixture<CannedMesh>
{
    /// <summary>Bytes per request over HTTP/1.1, kept alive, without a body, both ztunnels included (they allocate nothing per request).</summary>
    private const long BudgetBytes = 4_600;

    private const int Warmup = 3_000;
    private const int Requests = 1_000;
    private const int Rounds = 7;

    private static readonly byte[] Request = "GET /items?id=7 HTTP/1.1\r\nHost: greeter\r\nUser-Agent: budget\r\nAccept: */*\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task Get_KeptAliveHttp11_StaysWithinTheBudget()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, DemoMesh.Vip + ":80");
        await SendAsync(tunnel, Warmup);

        // The least of some rounds: the runtime compiles and collects beside it.
        long least = long.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await SendAsync(tunnel, Requests);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests);
        }

        output.WriteLine($"{least} bytes per request, budget {BudgetBytes}");
        Assert.InRange(least, 1, BudgetBytes);
    }

    private static async Task SendAsync(Tunnel tunnel, int requests)
    {
        for (int i = 0; i < requests; i++)
        {
            await tunnel.Output.WriteAsync(Request);
            await ReadAnswerAsync(tunnel.Input);
        }
    }

    private static async ValueTask ReadAnswerAsync(PipeReader input)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            if (EndsWithBody(read.Buffer))
            {
                input.AdvanceTo(read.Buffer.End);
                return;
            }

            Assert.False(read.IsCompleted, "The connection ended before the answer.");
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool EndsWithBody(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length < 9)
        {
            return false;
        }

        Span<byte> tail = stackalloc byte[9];
        bytes.Slice(bytes.Length - 9).CopyTo(tail);
        return tail.SequenceEqual("\r\n\r\nhello"u8);
    }
}
