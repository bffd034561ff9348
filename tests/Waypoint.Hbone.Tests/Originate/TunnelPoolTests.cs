using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tls;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tests.Originate;

/// <summary>The pool against our own listener, over TCP and TLS.</summary>
public sealed class TunnelPoolTests : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly TestCa _ca = TestCa.Create();
    private readonly TlsIdentitySource _identities;
    private readonly TunnelPool _pool;

    public TunnelPoolTests()
    {
        _identities = new TlsIdentitySource(_ca.Identity("waypoint"));
        _pool = NewPool(new TunnelPoolOptions());
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Fact]
    public async Task Connect_TwoTunnels_ShareOneConnectionAndCarryBytes()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ListenerRig(_ca.Identity("pod"), script);
        TunnelTarget target = Target(rig) with { Baggage = "k=v", Forwarded = "for=\"10.0.0.9:1\"", TraceParent = "00-1-2-00" };
        Tunnel one = await _pool.ConnectAsync(target, ConnectTimeout, default);
        Tunnel two = await _pool.ConnectAsync(target, ConnectTimeout, default);
        Assert.Equal(1, _pool.ConnectionCount);
        Assert.Equal(TestCa.Spiffe("pod"), one.PeerIdentity.Uri);
        ConnectRequest request = await script.NextRequestAsync();
        Assert.Equal(("127.0.0.1:8080", "k=v", "for=\"10.0.0.9:1\"", "00-1-2-00", null),
            (request.Authority, request.Header("baggage"), request.Header("forwarded"), request.Header("traceparent"), request.Header("x-istio-source")));

        Tunnel server = await script.NextTunnelAsync();
        await using var stream = new TunnelStream(one);
        await stream.WriteAsync("ping"u8.ToArray());
        System.IO.Pipelines.ReadResult read = await server.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);
        Assert.Equal("ping", Encoding.ASCII.GetString(read.Buffer));
        server.Input.AdvanceTo(read.Buffer.End);
        await server.Output.WriteAsync("pong"u8.ToArray());
        byte[] answer = new byte[4];
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(FramePeer.Timeout);
        Assert.Equal("pong", Encoding.ASCII.GetString(answer));
        two.Abort(TunnelReset.Cancel);
    }

    [Fact]
    public async Task Connect_TargetsOfTwoWorkers_OneConnectionEachAndBothRetire()
    {
        await using var rig = new ListenerRig(_ca.Identity("pod"), ConnectScript.AcceptAll());
        TunnelTarget ofFirst = Target(rig), ofSecond = ofFirst with { Worker = 1 };

        Tunnel one = await _pool.ConnectAsync(ofFirst, ConnectTimeout, default), two = await _pool.ConnectAsync(ofSecond, ConnectTimeout, default);
        Tunnel three = await _pool.ConnectAsync(ofSecond, ConnectTimeout, default);

        Assert.Equal(2, _pool.ConnectionCount);
        Assert.Equal(two.ConnectionId, three.ConnectionId);
        Assert.NotEqual(one.ConnectionId, two.ConnectionId);
        _pool.Retire(ofFirst.HboneAddress, endpointUid: null, cutLiveTunnels: true);
        await Task.WhenAll(one.Closed, two.Closed, three.Closed).WaitAsync(FramePeer.Timeout);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(503)]
    [InlineData(404)]
    public async Task Connect_Rejected_StatusIsReportedAndTheConnectionStays(int status)
    {
        int calls = 0;
        await using var rig = new ListenerRig(_ca.Identity("pod"), new ConnectScript(request =>
        {
            if (Interlocked.Increment(ref calls) > 1)
                return request.Accept();
            request.Reject(status);
            return null;
        }));
        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(() => ConnectAsync(Target(rig)));
        Assert.Equal((TunnelConnectFailure.ConnectRejected, (int?)status), (error.Failure, error.Status));
        await ConnectAsync(Target(rig));
        Assert.Equal(1, _pool.ConnectionCount);
    }

    [Fact]
    public async Task Connect_OtherIdentity_IdentityMismatch()
    {
        await using var rig = new ListenerRig(_ca.Identity("evil"));
        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(() => ConnectAsync(Target(rig)));
        Assert.Equal(TunnelConnectFailure.IdentityMismatch, error.Failure);
        Assert.Contains("spiffe://cluster.local/ns/shop/sa/evil", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown-root")]
    [InlineData("expired")]
    [InlineData("client-only")]
    [InlineData("no-uri")]
    public async Task Connect_BadServerCertificate_TlsFailure(string kind)
    {
        var leaf = new TestCa.Leaf { Uris = [TestCa.Spiffe("pod")] };
        TestCa.Issued certificate = kind switch
        {
            "unknown-root" => TestCa.Create("other").Issue(leaf),
            "expired" => _ca.Issue(leaf with { NotBefore = DateTimeOffset.UtcNow.AddHours(-2), NotAfter = DateTimeOffset.UtcNow.AddHours(-1) }),
            "client-only" => _ca.Issue(leaf with { Ekus = [TestCa.Leaf.ClientAuth] }),
            _ => _ca.Issue(leaf with { Uris = [], DnsNames = ["pod"] }),
        };
        await using var rig = new TlsServerRig(certificate);
        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(() => ConnectAsync(Target(rig.Address)));
        Assert.Equal(TunnelConnectFailure.Tls, error.Failure);
    }

    [Fact]
    public async Task Connect_ServerRefusesOurCertificateLate_TlsFailure()
    {
        // The client's part of the handshake succeeds; the refusal comes with the first read.
        await using var rig = new ListenerRig(_ca.Identity("pod"));
        _identities.Update(_ca.Identity("waypoint", "other.td"));
        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(() => ConnectAsync(Target(rig)));
        Assert.Equal(TunnelConnectFailure.Tls, error.Failure);
    }

    [Fact]
    public async Task Connect_NobodyListens_Refused()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(() => ConnectAsync(Target((IPEndPoint)socket.LocalEndPoint!)));
        Assert.Equal(TunnelConnectFailure.Refused, error.Failure);
    }

    [Fact]
    public async Task Connect_ServerNeverAnswersTls_Timeout()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(
            () => _pool.ConnectAsync(Target((IPEndPoint)socket.LocalEndPoint!), TimeSpan.FromMilliseconds(200), default).AsTask());
        Assert.Equal(TunnelConnectFailure.Timeout, error.Failure);
    }

    [Fact]
    public async Task Connect_CertificateMissing_NoIdentity()
    {
        await using var pool = new TunnelPool(new TunnelPoolOptions(), new TlsIdentitySource(), new SocketDialer(), TimeProvider.System, NullLoggerFactory.Instance);
        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(
            () => pool.ConnectAsync(Target(new IPEndPoint(IPAddress.Loopback, 1)), ConnectTimeout, default).AsTask());
        Assert.Equal(TunnelConnectFailure.NoIdentity, error.Failure);
    }

    [Fact]
    public async Task Connect_AnswerNeverComes_TimeoutAndTheStreamIsReset()
    {
        var script = new ConnectScript();
        await using var rig = new ListenerRig(_ca.Identity("pod"), script);
        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(
            () => _pool.ConnectAsync(Target(rig), TimeSpan.FromMilliseconds(500), default).AsTask());
        Assert.Equal(TunnelConnectFailure.Timeout, error.Failure);
        await script.NextRequestAsync();
        await WaitUntilAsync(() => rig.Listener.TunnelCount == 0);
    }

    [Fact]
    public async Task Connect_PeerIsFull_SecondConnection()
    {
        await using var rig = new ListenerRig(_ca.Identity("pod"), options: new HboneListenerOptions { EndPoints = [new IPEndPoint(IPAddress.Loopback, 0)], MaxConcurrentStreams = 3 });
        await ConnectAsync(Target(rig));
        for (int i = 0; i < 5; i++)
            await ConnectAsync(Target(rig));
        Assert.Equal(2, _pool.ConnectionCount);
    }

    [Fact]
    public async Task Connect_ManyAtOnce_OneConnectIsShared()
    {
        await using var rig = new ListenerRig(_ca.Identity("pod"));
        Tunnel[] tunnels = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ConnectAsync(Target(rig))));
        Assert.Equal(1, _pool.ConnectionCount);
        Assert.Equal(100, tunnels.Select(t => t.StreamId).Distinct().Count());
    }

    [Fact]
    public async Task Connect_OtherUidOrExpectedPeer_OwnConnection()
    {
        await using var rig = new ListenerRig(_ca.Identity("pod"));
        await ConnectAsync(Target(rig));
        await ConnectAsync(Target(rig) with { EndpointUid = "other" });
        await ConnectAsync(Target(rig) with { Expected = ExpectedPeer.InTrustDomains("cluster.local") });
        Assert.Equal(3, _pool.ConnectionCount);
    }

    [Fact]
    public async Task GoAway_OpenTunnelGoesOnAndTheNextUsesANewConnection()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ListenerRig(_ca.Identity("pod"), script);
        Tunnel old = await ConnectAsync(Target(rig));
        Tunnel server = await script.NextTunnelAsync();
        Task drained = rig.Listener.DrainAsync(TimeSpan.FromSeconds(15), default);
        await WaitUntilAsync(() => ConnectedAnewAsync(rig, old.ConnectionId));
        await server.Output.WriteAsync("still here"u8.ToArray());
        System.IO.Pipelines.ReadResult read = await old.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);
        Assert.Equal("still here", Encoding.ASCII.GetString(read.Buffer));
        old.Input.AdvanceTo(read.Buffer.End);
        await new TunnelStream(old).DisposeAsync();
        await server.Output.CompleteAsync();
        await server.Closed.WaitAsync(FramePeer.Timeout);
        await rig.Listener.DisposeAsync();
        await drained.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task ConnectionLost_NextTunnelDialsAnew()
    {
        var script = ConnectScript.AcceptAll();
        var rig = new ListenerRig(_ca.Identity("pod"), script);
        IPEndPoint address = rig.Address;
        Tunnel tunnel = await ConnectAsync(Target(rig));
        await rig.DisposeAsync();
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
        Assert.True(tunnel.ResetByPeer);
        await using var again = new ListenerRig(_ca.Identity("pod"), options: new HboneListenerOptions { EndPoints = [address] });
        await ConnectAsync(Target(address));
    }

    [Fact]
    public async Task Retire_AddressChangedHands_LiveTunnelsAreCut()
    {
        await using var rig = new ListenerRig(_ca.Identity("pod"));
        Tunnel tunnel = await ConnectAsync(Target(rig));
        _pool.Retire(rig.Address, endpointUid: null, cutLiveTunnels: true);
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
        await ConnectAsync(Target(rig));
    }

    [Fact]
    public async Task Retire_EndpointGone_TunnelEndsItselfAndTheConnectionWithIt()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ListenerRig(_ca.Identity("pod"), script);
        Tunnel tunnel = await ConnectAsync(Target(rig));
        Tunnel server = await script.NextTunnelAsync();
        _pool.Retire(rig.Address, "pod-uid", cutLiveTunnels: false);
        Assert.False(tunnel.Closed.IsCompleted);
        await tunnel.Output.CompleteAsync();
        await server.Output.CompleteAsync();
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
        await WaitUntilAsync(() => _pool.ConnectionCount == 0);
    }

    [Fact]
    public async Task Idle_ForTheIdleTimeout_ConnectionIsClosed()
    {
        var time = new ManualTime { Start = DateTimeOffset.UtcNow };
        await using var rig = new ListenerRig(_ca.Identity("pod"));
        await using var pool = new TunnelPool(new TunnelPoolOptions { IdleTimeout = TimeSpan.FromSeconds(60) }, _identities, new SocketDialer(), time, NullLoggerFactory.Instance);
        Tunnel tunnel = await pool.ConnectAsync(Target(rig), ConnectTimeout, default);
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(1, pool.ConnectionCount);
        tunnel.Abort(TunnelReset.Cancel);
        await WaitUntilAsync(() => pool.TunnelCount == 0);
        // A second at a time, so that the peer's answers to PING come in between.
        for (int i = 0; i < 62 && pool.ConnectionCount > 0; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2);
        }
        await WaitUntilAsync(() => pool.ConnectionCount == 0 && rig.Listener.ConnectionCount == 0);
    }

    [Fact]
    public async Task Rotation_PooledConnectionStaysAndTheNextUsesTheNewCertificate()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ListenerRig(_ca.Identity("pod"), script);
        await ConnectAsync(Target(rig));
        _identities.Update(_ca.Identity("waypoint-2"));
        await ConnectAsync(Target(rig));
        await ConnectAsync(Target(rig) with { EndpointUid = "new" });
        string[] seen = [(await script.NextRequestAsync()).PeerIdentity.ServiceAccount, (await script.NextRequestAsync()).PeerIdentity.ServiceAccount, (await script.NextRequestAsync()).PeerIdentity.ServiceAccount];
        Assert.Equal(["waypoint", "waypoint", "waypoint-2"], seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Bulk_64MiBBothWays_ArriveUnchanged(int tunnels)
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ListenerRig(_ca.Identity("pod"), script);
        var work = new List<Task>();
        for (int i = 0; i < tunnels; i++)
        {
            Tunnel client = await ConnectAsync(Target(rig));
            Tunnel server = await script.NextTunnelAsync();
            int bytes = (64 << 20) / tunnels;
            work.Add(Bulk.SendAsync(client.Output, bytes, seed: i));
            work.Add(Bulk.ReceiveAsync(client.Input, bytes, seed: 100 + i));
            work.Add(Bulk.SendAsync(server.Output, bytes, seed: 100 + i));
            work.Add(Bulk.ReceiveAsync(server.Input, bytes, seed: i));
        }
        await Task.WhenAll(work).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static async Task WaitUntilAsync(Func<bool> condition) => await WaitUntilAsync(() => Task.FromResult(condition()));

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        for (int i = 0; i < 1000; i++)
        {
            if (await condition())
                return;
            await Task.Delay(10);
        }
        Assert.Fail("The condition did not come true.");
    }

    private async Task<bool> ConnectedAnewAsync(ListenerRig rig, long oldConnection)
    {
        Tunnel tunnel = await ConnectAsync(Target(rig));
        tunnel.Abort(TunnelReset.Cancel);
        return tunnel.ConnectionId != oldConnection;
    }

    private TunnelPool NewPool(TunnelPoolOptions options) => new(options, _identities, new SocketDialer(), TimeProvider.System, NullLoggerFactory.Instance);

    private Task<Tunnel> ConnectAsync(TunnelTarget target) => _pool.ConnectAsync(target, ConnectTimeout, default).AsTask().WaitAsync(FramePeer.Timeout);

    private static TunnelTarget Target(ListenerRig rig) => Target(rig.Address);

    private static TunnelTarget Target(IPEndPoint address) => new()
    {
        HboneAddress = address,
        Authority = "127.0.0.1:8080",
        Expected = ExpectedPeer.Exactly(SpiffeId.Create("cluster.local", "shop", "pod")!),
        EndpointUid = "pod-uid",
    };
}
