using Waypoint.Proxy.Upstream.Mirroring;

namespace Waypoint.Proxy.Tests.Upstream.Mirroring;

public sealed class MirrorBudgetTests
{
    [Fact]
    public void TryEnter_AllPlacesTaken_FalseUntilOneLeaves()
    {
        var budget = new MirrorBudget(new MirrorOptions { MaxConcurrent = 2 });
        Assert.True(budget.TryEnter());
        Assert.True(budget.TryEnter());
        Assert.False(budget.TryEnter());
        Assert.Equal(2, budget.InFlight);
        budget.Leave();
        Assert.True(budget.TryEnter());
    }

    [Fact]
    public void TryBuffer_BeyondTheBound_FalseAndNothingTaken()
    {
        var budget = new MirrorBudget(new MirrorOptions { MaxBufferedBytes = 10 });
        Assert.True(budget.TryBuffer(8));
        Assert.False(budget.TryBuffer(3));
        Assert.Equal(8, budget.BufferedBytes);
    }
}
