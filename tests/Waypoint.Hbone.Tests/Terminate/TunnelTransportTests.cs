using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tls;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tests.Terminate;

/// <summary>Kestrel inside tunnels, and SocketsHttpHandler at their other end.</summary>
public sealed class TunnelTransportTests : IAsyncLifetime
{
    private static readonly TunnelEndPoint Http1 = new("http1");
    private static readonly TunnelEndPoint Http2 = new("http2");

    private readonly TestCa _ca = TestCa.Create();
    private WebApplication? _app;
    private ListenerRig? _rig;
    private TunnelPool? _pool;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TunnelTransport>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => services.GetRequiredService<TunnelTransport>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(Http1, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(Http2, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
        await _app.StartAsync();
        TunnelTransport transport = _app.Services.GetRequiredService<TunnelTransport>();
        _rig = new ListenerRig(_ca.Identity("waypoint"), new Dispatcher(transport));
        _pool = new TunnelPool(new TunnelPoolOptions(), new TlsIdentitySource(_ca.Identity("web")), new SocketDialer(), TimeProvider.System, NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _pool!.DisposeAsync();
        await _rig!.DisposeAsync();
        await _app!.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_InsideTunnels_SeeTheIdentityOfTheTunnel(int version)
    {
        using HttpMessageInvoker client = NewClient();
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await SendAsync(client, version, HttpMethod.Get, "/who", null);
            Assert.Equal($"{TestCa.Spiffe("web")} HTTP/{(version == 1 ? "1.1" : "2")}", await response.Content.ReadAsStringAsync());
        }
        Assert.Equal(1, _rig!.Listener.ConnectionCount);
        Assert.Equal(1, _rig.Listener.TunnelCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Upload_LargerThanEveryWindow_IsEchoed(int version)
    {
        using HttpMessageInvoker client = NewClient();
        byte[] body = new byte[(5 << 20) + 7];
        Random.Shared.NextBytes(body);
        using HttpResponseMessage response = await SendAsync(client, version, HttpMethod.Post, "/echo", new ByteArrayContent(body));
        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task ConnectionClose_TunnelEndsOnBothSides()
    {
        using HttpMessageInvoker client = NewClient();
        using HttpResponseMessage response = await SendAsync(client, 1, HttpMethod.Get, "/close", null);
        Assert.Equal("bye", await response.Content.ReadAsStringAsync());
        for (int i = 0; i < 500 && _rig!.Listener.TunnelCount > 0; i++)
            await Task.Delay(10);
        Assert.Equal(0, _rig!.Listener.TunnelCount);
        Assert.Equal(0, _pool!.TunnelCount);
    }

    [Fact]
    public async Task ClientHalfClosesAfterItsRequest_ResponseIsDelivered()
    {
        Tunnel tunnel = await _pool!.ConnectAsync(Target(1), TimeSpan.FromSeconds(10), default);
        await tunnel.Output.WriteAsync("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await tunnel.Output.CompleteAsync();
        using var reader = new StreamReader(new TunnelStream(tunnel));
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync().WaitAsync(FramePeer.Timeout));
    }

    [Fact]
    public async Task ClientResets_RequestIsAborted()
    {
        Tunnel tunnel = await _pool!.ConnectAsync(Target(1), TimeSpan.FromSeconds(10), default);
        await tunnel.Output.WriteAsync("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await _hanging.Task.WaitAsync(FramePeer.Timeout);
        tunnel.Abort(TunnelReset.Cancel);
        await _aborted.Task.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Dispatch_NobodyListens_False()
    {
        TunnelTransport transport = _app!.Services.GetRequiredService<TunnelTransport>();
        await using var rig = new ServerRig(new ConnectScript(request =>
        {
            Tunnel tunnel = request.Accept();
            Assert.False(transport.Dispatch(new TunnelEndPoint("other"), new TunnelConnectionContext(tunnel, null)));
            return tunnel;
        }));
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Assert.Equal("200", await rig.Peer.ReadStatusAsync());
    }

    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task HandleAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/who":
                await context.Response.WriteAsync($"{context.Features.Get<SpiffeId>()} {context.Request.Protocol}");
                break;
            case "/echo":
                // The client does not read before it has sent everything, so nothing is answered before.
                var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                await context.Response.Body.WriteAsync(body.ToArray());
                break;
            case "/close":
                context.Response.Headers.Connection = "close";
                await context.Response.WriteAsync("bye");
                break;
            case "/slow":
                // The client's END_STREAM comes in the meantime; it must not abort the request.
                await Task.Delay(200, context.RequestAborted);
                break;
            default:
                context.RequestAborted.Register(() => _aborted.TrySetResult());
                _hanging.TrySetResult();
                await _aborted.Task;
                break;
        }
    }

    private HttpMessageInvoker NewClient() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            // Which endpoint serves the tunnel stands in the port.
            Tunnel tunnel = await _pool!.ConnectAsync(Target(context.DnsEndPoint.Port), TimeSpan.FromSeconds(10), cancellationToken);
            return new TunnelStream(tunnel);
        },
    });

    private static async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker client, int version, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, $"http://service:{version}{path}")
        {
            Content = content,
            Version = version == 1 ? HttpVersion.Version11 : HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return await client.SendAsync(request, default).WaitAsync(FramePeer.Timeout);
    }

    private TunnelTarget Target(int version) => new()
    {
        HboneAddress = _rig!.Address,
        Authority = $"127.0.0.1:{version}",
        Expected = ExpectedPeer.InTrustDomains("cluster.local"),
    };

    private sealed class Dispatcher(TunnelTransport transport) : IConnectHandler
    {
        public ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken)
        {
            var connection = new TunnelConnectionContext(request.Accept(), new IPEndPoint(request.Address!, request.Port));
            connection.Features.Set(request.PeerIdentity);
            Assert.True(transport.Dispatch(request.Port == 1 ? Http1 : Http2, connection));
            return default;
        }
    }
}
