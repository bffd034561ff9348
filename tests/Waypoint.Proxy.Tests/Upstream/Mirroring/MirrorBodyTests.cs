using System.Text;
using Waypoint.Proxy.Upstream.Mirroring;

namespace Waypoint.Proxy.Tests.Upstream.Mirroring;

public sealed class MirrorBodyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly MirrorBudget _budget = new(new MirrorOptions { MaxBufferedBytes = 100 });

    [Fact]
    public async Task CopyToAsync_BodyInPieces_ArrivesWholeAndGivesItsRoomBack()
    {
        var body = new MirrorBody(_budget, maxBytes: 50);
        body.Write("copy "u8);
        var target = new MemoryStream();
        Task copying = body.CopyToAsync(target, TestContext.Current.CancellationToken);
        body.Write("me"u8);
        body.Complete();
        await copying.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("copy me", Encoding.ASCII.GetString(target.ToArray()));
        Assert.Equal(0, _budget.BufferedBytes);
    }

    [Fact]
    public async Task Write_MirrorLagsBeyondTheBound_CopyIsGivenUp()
    {
        var body = new MirrorBody(_budget, maxBytes: 4);
        body.Write("1234"u8);
        Assert.False(body.Overflowed);
        body.Write("5"u8);
        Assert.True(body.Overflowed);
        await Assert.ThrowsAsync<MirrorBodyException>(() => body.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken));
        Assert.Equal(0, _budget.BufferedBytes);
    }

    [Fact]
    public void Write_RoomOfAllCopiesUsedUp_CopyIsGivenUp()
    {
        var first = new MirrorBody(_budget, maxBytes: 100);
        var second = new MirrorBody(_budget, maxBytes: 100);
        first.Write(new byte[60]);
        second.Write(new byte[60]);
        Assert.False(first.Overflowed);
        Assert.True(second.Overflowed);
        first.Stop();
        Assert.Equal(0, _budget.BufferedBytes);
    }

    [Fact]
    public async Task Abort_BodyNotWhole_CopyFailsInsteadOfEnding()
    {
        var body = new MirrorBody(_budget, maxBytes: 50);
        Task copying = body.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken);
        body.Write("half"u8);
        body.Abort();
        await Assert.ThrowsAsync<MirrorBodyException>(() => copying.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task CopyToAsync_SecondTime_Fails()
    {
        var body = new MirrorBody(_budget, maxBytes: 50);
        body.Complete();
        await body.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<MirrorBodyException>(() => body.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken));
    }
}
