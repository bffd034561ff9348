using Waypoint.Model.Clusters;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Upstream;

public sealed class CircuitBreakerTests
{
    private static readonly CircuitBreakerLimits Limits = new(MaxConnections: 1, MaxPendingRequests: 1, MaxRequests: 2, MaxRetries: 1);

    [Fact]
    public void TryStartRequest_AtTheLimit_RefusedUntilOneEnds()
    {
        var breaker = new CircuitBreaker();
        Assert.True(breaker.TryStartRequest(Limits));
        Assert.True(breaker.TryStartRequest(Limits));
        Assert.False(breaker.TryStartRequest(Limits));
        Assert.Equal(1, breaker.Overflows);
        breaker.EndRequest(Limits);
        Assert.True(breaker.TryStartRequest(Limits));
    }

    [Fact]
    public void TryStartRequest_NothingDependsOnIt_NotCounted()
    {
        CircuitBreakerLimits limits = Limits with { MaxRequests = uint.MaxValue };
        var breaker = new CircuitBreaker();
        Assert.True(breaker.TryStartRequest(limits));
        Assert.Equal(0, breaker.Requests);
        breaker.EndRequest(limits);
        Assert.Equal(0, breaker.Requests);
    }

    [Fact]
    public void TryStartRetry_AtTheLimit_RefusedUntilOneEnds()
    {
        var breaker = new CircuitBreaker();
        Assert.True(breaker.TryStartRetry(Limits));
        Assert.False(breaker.TryStartRetry(Limits));
        Assert.Equal(1, breaker.RetryOverflows);
        breaker.EndRetry();
        Assert.True(breaker.TryStartRetry(Limits));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(15, 3)]
    [InlineData(20, 4)]
    [InlineData(100, 20)]
    public void TryStartRetry_Budget_ShareOfActiveRequestsOrTheMinimum(int active, int expected)
    {
        CircuitBreakerLimits limits = Limits with { MaxRequests = uint.MaxValue, RetryBudget = new RetryBudget() };
        var breaker = new CircuitBreaker();
        for (int i = 0; i < active; i++)
        {
            Assert.True(breaker.TryStartRequest(limits));
        }

        int retries = 0;
        while (breaker.TryStartRetry(limits))
        {
            retries++;
        }

        Assert.Equal(expected, retries);
    }

    [Fact]
    public async Task TakeAsync_OneConnection_SecondWaitsAndThirdIsRefused()
    {
        var slots = new ConnectionSlots();
        Assert.True(await slots.TakeAsync(1, 1, TestContext.Current.CancellationToken));
        ValueTask<bool> second = slots.TakeAsync(1, 1, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        Assert.False(await slots.TakeAsync(1, 1, TestContext.Current.CancellationToken));
        slots.Release(1);
        Assert.True(await second);
        Assert.Equal(1, slots.Occupied);
        Assert.Equal(0, slots.Pending);
    }

    [Fact]
    public async Task TakeAsync_WaiterGivesUp_NextOneGetsTheSlot()
    {
        var slots = new ConnectionSlots();
        Assert.True(await slots.TakeAsync(1, 2, CancellationToken.None));
        using var impatient = new CancellationTokenSource();
        Task<bool> second = slots.TakeAsync(1, 2, impatient.Token).AsTask();
        Task<bool> third = slots.TakeAsync(1, 2, CancellationToken.None).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        slots.Release(1);
        Assert.True(await third.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        slots.Release(1);
        Assert.Equal(0, slots.Occupied);
        Assert.Equal(0, slots.Pending);
    }

    [Fact]
    public async Task TakeAsync_ManyThreads_NeverMoreThanTheLimitAndAllServed()
    {
        const uint Limit = 3;
        var slots = new ConnectionSlots();
        int inside = 0;
        int worst = 0;
        Task[] workers = [.. Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                Assert.True(await slots.TakeAsync(Limit, 100, CancellationToken.None));
                int now = Interlocked.Increment(ref inside);
                if (now > Volatile.Read(ref worst))
                {
                    Volatile.Write(ref worst, now);
                }

                if (i % 7 == 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref inside);
                slots.Release(Limit);
            }
        }, TestContext.Current.CancellationToken))];
        await Task.WhenAll(workers).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.InRange(worst, 1, (int)Limit);
        Assert.Equal(0, slots.Occupied);
        Assert.Equal(0, slots.Pending);
    }
}
