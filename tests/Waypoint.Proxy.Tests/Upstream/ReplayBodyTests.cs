using System.Text;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Upstream;

public sealed class ReplayBodyTests
{
    private static readonly byte[] Payload = Encoding.ASCII.GetBytes("0123456789");

    [Fact]
    public async Task ReadAsync_AfterRewind_GivesTheSameBytesAgain()
    {
        await using var body = new ReplayBody(new MemoryStream(Payload), maxBytes: 100);
        Assert.Equal(Payload, await ReadAllAsync(body));
        body.Rewind();
        Assert.Equal(Payload, await ReadAllAsync(body));
        Assert.Equal(Payload.Length, body.TotalBytes);
    }

    [Fact]
    public async Task ReadAsync_RewoundInTheMiddle_ContinuesFromTheSource()
    {
        await using var body = new ReplayBody(new MemoryStream(Payload), maxBytes: 100);
        byte[] part = new byte[4];
        Assert.Equal(4, await body.ReadAsync(part, TestContext.Current.CancellationToken));
        body.Rewind();
        Assert.Equal(Payload, await ReadAllAsync(body));
    }

    [Fact]
    public async Task CanReplay_BodyBeyondTheBound_False()
    {
        await using var body = new ReplayBody(new MemoryStream(Payload), maxBytes: 9);
        Assert.Equal(Payload, await ReadAllAsync(body));
        Assert.False(body.CanReplay);
    }

    [Fact]
    public async Task CanReplay_BodyOfExactlyTheBound_True()
    {
        await using var body = new ReplayBody(new MemoryStream(Payload), maxBytes: 10);
        Assert.Equal(Payload, await ReadAllAsync(body));
        Assert.True(body.CanReplay);
    }

    [Fact]
    public async Task StopKeeping_BytesStillToBeReplayed_AreDeliveredBeforeTheSource()
    {
        await using var body = new ReplayBody(new MemoryStream(Payload), maxBytes: 100);
        byte[] part = new byte[6];
        Assert.Equal(6, await body.ReadAsync(part, TestContext.Current.CancellationToken));
        body.Rewind();
        body.StopKeeping();
        Assert.Equal(Payload, await ReadAllAsync(body));
        Assert.False(body.CanReplay);
    }

    private static async Task<byte[]> ReadAllAsync(ReplayBody body)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[3];
        int count;
        while ((count = await body.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }
}
