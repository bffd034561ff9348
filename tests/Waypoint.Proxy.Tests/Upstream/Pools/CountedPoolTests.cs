using Waypoint.Proxy.Upstream.Pools;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Upstream.Pools;

public sealed class CountedPoolTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<Client> _clients = [];

    [Fact]
    public void Rent_RequestsOneAfterTheOther_ConnectionTakesItsNumberOfThem()
    {
        using CountedPool pool = Pool(maxRequests: 3);

        for (int i = 0; i < 7; i++)
            pool.Rent().Dispose();

        Assert.Equal(3, _clients.Count);
        Assert.Equal([true, true, false], _clients.Select(c => c.IsClosed));
    }

    [Fact]
    public void Rent_RequestsAtATime_NotMoreOnOneConnectionThanAllowed()
    {
        using CountedPool pool = Pool(maxStreams: 2);

        PoolLease[] leases = [pool.Rent(), pool.Rent(), pool.Rent()];

        Assert.Equal(2, _clients.Count);
        Assert.Same(leases[0].Invoker, leases[1].Invoker);
        foreach (PoolLease lease in leases)
            lease.Dispose();
        Assert.Equal(2, pool.Count);
    }

    [Fact]
    public void Rent_ConnectionWasIdleTooLong_Another()
    {
        using CountedPool pool = Pool(idle: TimeSpan.FromSeconds(1));
        pool.Rent().Dispose();
        _time.Advance(TimeSpan.FromMilliseconds(900));
        pool.Rent().Dispose();
        Assert.Single(_clients);

        _time.Advance(TimeSpan.FromSeconds(1));
        pool.Rent().Dispose();

        Assert.Equal([true, false], _clients.Select(c => c.IsClosed));
    }

    [Fact]
    public void Return_LastAllowedRequestWhileOthersRun_ClosedWithTheLastOfThem()
    {
        using CountedPool pool = Pool(maxRequests: 2, maxStreams: 10);
        PoolLease first = pool.Rent(), second = pool.Rent();

        second.Dispose();
        Assert.False(_clients[0].IsClosed);
        first.Dispose();

        Assert.True(_clients[0].IsClosed);
        Assert.Equal(0, pool.Count);
    }

    [Fact]
    public void Dispose_IdleConnections_Closed()
    {
        CountedPool pool = Pool();
        pool.Rent().Dispose();

        pool.Dispose();

        Assert.True(Assert.Single(_clients).IsClosed);
    }

    private CountedPool Pool(uint maxRequests = 0, int maxStreams = 1, TimeSpan idle = default) => new(
        () =>
        {
            var client = new Client();
            _clients.Add(client);
            return new HttpMessageInvoker(client);
        },
        maxRequests, maxStreams, idle, _time);

    private sealed class Client : HttpMessageHandler
    {
        public bool IsClosed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }
}
