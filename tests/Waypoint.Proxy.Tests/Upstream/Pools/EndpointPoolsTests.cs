using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tls;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Workloads;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Tests.Upstream.Dns;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Dns;
using Waypoint.Proxy.Upstream.Pools;
using Waypoint.Proxy.Upstream.Tls;

namespace Waypoint.Proxy.Tests.Upstream.Pools;

/// <summary>Pools of plain endpoints over real sockets: how many requests a connection carries, who shares it, and how it ends.</summary>
public sealed class EndpointPoolsTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly IPEndPoint Client = IPEndPoint.Parse("10.244.1.101:41234");
    private static readonly IPEndPoint Vip = IPEndPoint.Parse("10.96.0.164:80");

    private readonly TunnelPool _tunnels = new(new TunnelPoolOptions(), new TlsIdentitySource(), new SocketDialer(), TimeProvider.System, NullLoggerFactory.Instance);
    private readonly NameTable _names = new(new ScriptedResolver(), TimeProvider.System, NullLogger<NameTable>.Instance);
    private readonly UpstreamHandlerFactory _handlers;

    public EndpointPoolsTests()
    {
        var snapshots = new ActiveSnapshot();
        var tls = new UpstreamTls(new TlsMaterialStore(snapshots, new TlsIdentitySource(), new PemFiles([], TimeProvider.System)), TimeProvider.System);
        var connector = new EndpointConnector(
            new EndpointTunnels(_tunnels, new NoWorkloads(), snapshots), new EndpointSockets(_names, TimeProvider.System), tls, TimeProvider.System);
        _handlers = new UpstreamHandlerFactory(connector, _names, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _names.DisposeAsync();
        await _tunnels.DisposeAsync();
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, 0u, 1)]
    [InlineData(HttpProtocols.Http1, 1u, 6)]
    [InlineData(HttpProtocols.Http1, 3u, 2)]
    [InlineData(HttpProtocols.Http2, 0u, 1)]
    [InlineData(HttpProtocols.Http2, 1u, 6)]
    [InlineData(HttpProtocols.Http2, 4u, 2)]
    public async Task Rent_SixRequests_AsManyConnectionsAsTheLimitAsksFor(HttpProtocols protocols, uint maxRequests, int connections)
    {
        await using HttpServer server = await HttpServer.StartAsync(protocols);
        Version version = protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        EndpointRuntime endpoint = Runtime(server.EndPoint, Cluster() with { MaxRequestsPerConnection = maxRequests });

        for (int i = 0; i < 6; i++)
            await GetAsync(endpoint, version, "/");

        Assert.Equal(connections, server.Requests.Distinct().Count());
        endpoint.Retire();
    }

    [Fact]
    public async Task Retire_RequestInFlight_FinishesThenTheConnectionCloses()
    {
        await using HttpServer server = await HttpServer.StartAsync(HttpProtocols.Http1);
        EndpointRuntime endpoint = Runtime(server.EndPoint, Cluster());
        Assert.True(endpoint.TryAcquire());
        Task<string> running = GetAsync(endpoint, HttpVersion.Version11, "/wait");
        while (server.Requests.IsEmpty)
            await Task.Delay(10, TestContext.Current.CancellationToken).WaitAsync(Patience);

        endpoint.Retire();
        Assert.False(running.IsCompleted);
        Assert.Empty(server.Closed);
        server.Go();
        string connection = await running.WaitAsync(Patience);
        endpoint.Release();

        while (!server.Closed.ContainsKey(connection))
            await Task.Delay(10, TestContext.Current.CancellationToken).WaitAsync(Patience);
        Assert.False(endpoint.TryAcquire());
    }

    [Theory]
    [InlineData(ProxyProtocolVersion.V1, "50524F58592054435034203130")]
    [InlineData(ProxyProtocolVersion.V2, "0D0A0D0A000D0A515549540A2111000C0AF401650A6000A4A1120050")]
    public async Task Rent_ProxyProtocol_HeaderBeforeTheRequest(ProxyProtocolVersion version, string expected)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        EndpointRuntime endpoint = Runtime((IPEndPoint)listener.LocalEndPoint!, Cluster(version));
        Task<string> request = GetAsync(endpoint, HttpVersion.Version11, "/");

        using Socket server = await listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        byte[] bytes = new byte[4096];
        int count = 0;
        while (Encoding.ASCII.GetString(bytes, 0, count).Contains("\r\n\r\n", StringComparison.Ordinal) is false || !Encoding.ASCII.GetString(bytes, 0, count).Contains("GET", StringComparison.Ordinal))
            count += await server.ReceiveAsync(bytes.AsMemory(count), TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        await server.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("ok", await request.WaitAsync(Patience));
        Assert.StartsWith(expected, Convert.ToHexString(bytes, 0, count), StringComparison.Ordinal);
        endpoint.Retire();
    }

    [Fact]
    public void VariantFor_ProxyProtocol_OneClientsConnectionsAreNotAnothers()
    {
        EndpointRuntime told = Runtime(Vip, Cluster(ProxyProtocolVersion.V2)), plain = Runtime(Vip, Cluster());
        IPEndPoint other = IPEndPoint.Parse("10.244.1.102:41234");

        Assert.Equal(told.VariantFor("a", Client, Vip), told.VariantFor("b", IPEndPoint.Parse("10.244.1.101:41234"), Vip));
        Assert.NotEqual(told.VariantFor("a", Client, Vip), told.VariantFor("a", other, Vip));
        Assert.Same(PoolVariant.None, plain.VariantFor("a", Client, Vip));
    }

    [Theory]
    [InlineData(EndpointKind.Hbone, 3)]
    [InlineData(EndpointKind.DoubleHbone, 0)]
    [InlineData(EndpointKind.Direct, 0)]
    public void VariantFor_ClientOfAWorker_MattersWhereConnectionsAreTunnels(EndpointKind kind, int worker) =>
        Assert.Same(PoolVariant.Of(worker), Runtime(Vip, Cluster(), kind: kind).VariantFor("a", Client, Vip, worker: 3));

    [Fact]
    public void VariantFor_ConnectionDependsOnTheRequest_NotOnTheWorker()
    {
        EndpointRuntime told = Runtime(Vip, Cluster(ProxyProtocolVersion.V2), kind: EndpointKind.Hbone);

        Assert.Equal(told.VariantFor("a", Client, Vip, worker: 0), told.VariantFor("a", Client, Vip, worker: 1));
    }

    [Fact]
    public void Rent_TwoWorkers_OnePoolEachThatEndsWithTheEndpoint()
    {
        EndpointRuntime endpoint = Runtime(Vip, Cluster(), kind: EndpointKind.Hbone);
        using PoolLease first = endpoint.Rent(HttpVersion.Version11, PoolVariant.Of(0)), second = endpoint.Rent(HttpVersion.Version11, PoolVariant.Of(1));
        using PoolLease again = endpoint.Rent(HttpVersion.Version11, PoolVariant.Of(1));

        Assert.NotSame(first.Invoker, second.Invoker);
        Assert.Same(second.Invoker, again.Invoker);
        endpoint.Retire();
        foreach (PoolLease lease in (PoolLease[])[first, second])
            Assert.Throws<ObjectDisposedException>(() => { _ = lease.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, endpoint.UriPrefix), TestContext.Current.CancellationToken); });
    }

    [Fact]
    public async Task Open_FirstOfTwoAddressesIsDead_TheSecondServes()
    {
        await using HttpServer server = await HttpServer.StartAsync(HttpProtocols.Http1);
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndpointRuntime endpoint = Runtime((IPEndPoint)closed.LocalEndPoint!, Cluster(), server.EndPoint.ToString());

        Assert.NotEmpty(await GetAsync(endpoint, HttpVersion.Version11, "/"));
        endpoint.Retire();
    }

    private EndpointRuntime Runtime(IPEndPoint address, ClusterConfig cluster, string others = "", EndpointKind kind = EndpointKind.Direct) =>
        new(cluster, new Endpoint { Kind = kind, Address = address, AddressText = address.ToString(), OtherAddresses = others }, _handlers);

    private static ClusterConfig Cluster(ProxyProtocolVersion proxy = ProxyProtocolVersion.None) => new()
    {
        Name = "c",
        ContentHash = new(0, 1),
        Discovery = ClusterDiscovery.Static,
        EdsServiceName = "c",
        TransportSockets = [TransportSocketChoice.Plain with { ProxyProtocol = proxy }],
    };

    private static async Task<string> GetAsync(EndpointRuntime endpoint, Version version, string path)
    {
        using PoolLease lease = endpoint.Rent(version, endpoint.VariantFor("a.example", Client, Vip));
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.UriPrefix + path) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await lease.Invoker.SendAsync(request, TestContext.Current.CancellationToken).WaitAsync(Patience);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private sealed class NoWorkloads : IWorkloadDirectory
    {
        public event Action<WorkloadChange>? Changed
        {
            add { }
            remove { }
        }

        public Workload? Find(IPAddress address) => null;
    }
}
