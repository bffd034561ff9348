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

/// <summary>A tunnel inside a tunnel: through the gateway of another network, which passes bytes on as they are, to a destination that ends a TLS of its own.</summary>
public sealed class NestedTunnelTests : IAsyncDisposable
{
    private const string Service = "cart.shop.svc.cluster.local:80";
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly TestCa _ca = TestCa.Create();
    private readonly TunnelPool _pool;

    public NestedTunnelTests() =>
        _pool = new TunnelPool(new TunnelPoolOptions(), new TlsIdentitySource(_ca.Identity("waypoint")), new SocketDialer(), TimeProvider.System, NullLoggerFactory.Instance);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Fact]
    public async Task Connect_ThroughAGateway_BytesBothWaysAndTheHeadersOfEachHop()
    {
        var script = ConnectScript.AcceptAll();
        await using var pod = new ListenerRig(_ca.Identity("pod"), script);
        var relay = new Gateway(pod.Address);
        await using var gateway = new ListenerRig(_ca.Identity("gateway"), relay);

        await using (var stream = new TunnelStream(await _pool.ConnectNestedAsync(Outer(gateway), Inner(gateway), ConnectTimeout, default).AsTask().WaitAsync(FramePeer.Timeout)))
        {
            ConnectRequest inner = await script.NextRequestAsync();
            Assert.Equal((Service, "net-east", null), (inner.Authority, inner.Header("x-forwarded-network"), inner.Header("x-istio-source")));
            Assert.Equal((Service, "waypoint", null), (relay.Seen!.Authority, relay.Seen.Header("x-istio-source"), relay.Seen.Header("x-forwarded-network")));
            Assert.Equal(TestCa.Spiffe("waypoint"), inner.PeerIdentity.Uri);

            Tunnel server = await script.NextTunnelAsync();
            await stream.WriteAsync("ping"u8.ToArray());
            System.IO.Pipelines.ReadResult read = await server.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);
            Assert.Equal("ping", Encoding.ASCII.GetString(read.Buffer));
            server.Input.AdvanceTo(read.Buffer.End);
            await server.Output.WriteAsync("pong"u8.ToArray());
            byte[] answer = new byte[4];
            await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(FramePeer.Timeout);
            Assert.Equal("pong", Encoding.ASCII.GetString(answer));
            await server.Output.CompleteAsync();
        }

        // The inner connection carries one tunnel only and goes with it; the outer one stays for the next.
        while (_pool.ConnectionCount > 1)
            await Task.Delay(10).WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Connect_TwoTunnels_EachWithAnInnerConnectionOfItsOwn()
    {
        var script = ConnectScript.AcceptAll();
        await using var pod = new ListenerRig(_ca.Identity("pod"), script);
        await using var gateway = new ListenerRig(_ca.Identity("gateway"), new Gateway(pod.Address));

        Tunnel one = await _pool.ConnectNestedAsync(Outer(gateway), Inner(gateway), ConnectTimeout, default);
        Tunnel two = await _pool.ConnectNestedAsync(Outer(gateway), Inner(gateway), ConnectTimeout, default);

        Assert.NotEqual((await script.NextRequestAsync()).ConnectionId, (await script.NextRequestAsync()).ConnectionId);
        one.Abort(TunnelReset.Cancel);
        two.Abort(TunnelReset.Cancel);
    }

    [Fact]
    public async Task Connect_SomebodyElseBehindTheGateway_IdentityMismatch()
    {
        await using var pod = new ListenerRig(_ca.Identity("pod", "other.domain", "cluster.local"), ConnectScript.AcceptAll());
        await using var gateway = new ListenerRig(_ca.Identity("gateway"), new Gateway(pod.Address));

        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(() =>
            _pool.ConnectNestedAsync(Outer(gateway), Inner(gateway), ConnectTimeout, default).AsTask().WaitAsync(FramePeer.Timeout));

        Assert.Equal(TunnelConnectFailure.IdentityMismatch, error.Failure);
    }

    [Fact]
    public async Task Connect_GatewayRefuses_ItsStatusIsTold()
    {
        await using var gateway = new ListenerRig(_ca.Identity("gateway"), new ConnectScript(static request =>
        {
            request.Reject(503);
            return null;
        }));

        TunnelConnectException error = await Assert.ThrowsAsync<TunnelConnectException>(() =>
            _pool.ConnectNestedAsync(Outer(gateway), Inner(gateway), ConnectTimeout, default).AsTask().WaitAsync(FramePeer.Timeout));

        Assert.Equal((TunnelConnectFailure.ConnectRejected, (int?)503), (error.Failure, error.Status));
    }

    private static TunnelTarget Outer(ListenerRig gateway) => new()
    {
        HboneAddress = gateway.Address,
        Authority = Service,
        Expected = ExpectedPeer.InTrustDomains("cluster.local"),
        IstioSource = "waypoint",
    };

    private static TunnelTarget Inner(ListenerRig gateway) => new()
    {
        HboneAddress = gateway.Address,
        Authority = Service,
        Expected = ExpectedPeer.InTrustDomains("cluster.local"),
        ForwardedNetwork = "net-east",
    };

    /// <summary>Accepts every CONNECT and joins it to a TCP connection to the pod.</summary>
    private sealed class Gateway(IPEndPoint pod) : IConnectHandler
    {
        public ConnectRequest? Seen { get; private set; }

        public async ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken)
        {
            Seen = request;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(pod, cancellationToken);
            await using var below = new NetworkStream(socket, ownsSocket: true);
            await using var above = new TunnelStream(request.Accept());
            try
            {
                await Task.WhenAny(above.CopyToAsync(below, cancellationToken), below.CopyToAsync(above, cancellationToken));
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // One side ended.
            }
        }
    }
}
