using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using Waypoint.ControlPlane.Certificates;
using Waypoint.Demo;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Identity;

namespace Waypoint.EndToEnd.Tests;

/// <summary>Requests from a client's ztunnel through the waypoint to a pod, and what a bad client gets.</summary>
[Collection(MeshInOneProcess.Addresses)]
public sealed class RequestTests(MeshInOneProcess mesh) : IClassFixture<MeshInOneProcess>
{
    private const string Service = DemoMesh.Vip + ":80";

    [Theory]
    [InlineData("1.1", null, "v1")]
    [InlineData("1.1", "v2", "v2")]
    [InlineData("2.0", null, "v1")]
    [InlineData("2.0", "v2", "v2")]
    public async Task Get_HeaderChoosesTheVersion_AnsweredByThatPodAsTheWaypoint(string httpVersion, string? wanted, string version)
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using HttpResponseMessage response = await client.SendAsync(Request(httpVersion, wanted), Cancel).WaitAsync(MeshInOneProcess.Patience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(version, answer.RootElement.GetProperty("version").GetString());
        Assert.Equal(DemoMesh.WaypointPrincipal, answer.RootElement.GetProperty("reachedBy").GetString());
    }

    [Fact]
    public async Task Connect_EachWorker_ItsConnectionIsServedByIt()
    {
        for (int worker = 0; worker < SocketWorkers.Count; worker++)
        {
            int served = -1;
            // Sockets of tests that run meanwhile may take the turn.
            for (int i = 0; i < 10 && served != worker; i++)
            {
                await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
                Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service, worker);
                served = tunnel.Worker;
                tunnel.Abort(TunnelReset.Cancel);
            }

            Assert.Equal(worker, served);
        }
    }

    [Fact]
    public async Task Connect_TimeIsOverWhenTheSocketStands_TheSocketIsClosed()
    {
        var dialer = new LateDialer();
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal, dialer: dialer);
        var target = new TunnelTarget { HboneAddress = mesh.Hbone, Authority = Service, Expected = ExpectedPeer.Anybody };

        TunnelConnectException failure = await Assert.ThrowsAsync<TunnelConnectException>(() => ztunnel.ConnectAsync(target, TimeSpan.FromMilliseconds(50), Cancel).AsTask());

        Assert.Equal(TunnelConnectFailure.Timeout, failure.Failure);
        await dialer.Closed.WaitAsync(MeshInOneProcess.Patience, Cancel);
    }

    [Fact]
    public async Task Get_HundredRequestsAtOnce_AllAnswered()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, 100).Select(i => client.SendAsync(Request("1.1", i % 2 == 0 ? null : "v2"), Cancel))];
        foreach (HttpResponseMessage response in await Task.WhenAll(requests).WaitAsync(MeshInOneProcess.Patience))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }
    }

    [Theory]
    [InlineData("10.96.0.99:80", 404)]
    [InlineData(DemoMesh.Vip + ":81", 404)]
    [InlineData("no-such.example:80", 404)]
    public async Task Connect_DestinationNobodyServes_RefusedAndOtherTunnelsOfTheConnectionGoOn(string authority, int status)
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        using HttpResponseMessage before = await client.SendAsync(Request("1.1", null), Cancel).WaitAsync(MeshInOneProcess.Patience);
        TunnelConnectException refused = await Assert.ThrowsAsync<TunnelConnectException>(() => mesh.ConnectAsync(ztunnel, authority));
        Assert.Equal((TunnelConnectFailure.ConnectRejected, status), (refused.Failure, refused.Status!.Value));
        using HttpResponseMessage after = await client.SendAsync(Request("1.1", "v2"), Cancel).WaitAsync(MeshInOneProcess.Patience);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Connect_ClientOfAnotherTrustDomain_NoTunnel()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel("spiffe://other.domain/ns/clients/sa/curl");
        TunnelConnectException refused = await Assert.ThrowsAsync<TunnelConnectException>(() => mesh.ConnectAsync(ztunnel, Service));
        Assert.Equal(TunnelConnectFailure.Tls, refused.Failure);
    }

    [Fact]
    public async Task Connect_ClientOfAnotherAuthority_NoTunnel()
    {
        using var stranger = new DevelopmentCertificateAuthority("stranger", TimeProvider.System);
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal, stranger);
        TunnelConnectException refused = await Assert.ThrowsAsync<TunnelConnectException>(() => mesh.ConnectAsync(ztunnel, Service));
        Assert.Equal(TunnelConnectFailure.Tls, refused.Failure);
    }

    [Fact]
    public async Task Send_GarbageInsideATunnel_400AndOtherTunnelsGoOn()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = mesh.Client(ztunnel, Service);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        await tunnel.Output.WriteAsync("\0\x01garbage that is no request\r\n\r\n"u8.ToArray(), Cancel);
        Assert.StartsWith("HTTP/1.1 400 ", await ReadToEndAsync(tunnel.Input), StringComparison.Ordinal);
        using HttpResponseMessage after = await client.SendAsync(Request("1.1", null), Cancel).WaitAsync(MeshInOneProcess.Patience);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Send_ClientEndsItsSideAfterTheRequest_StillAnswered()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        await tunnel.Output.WriteAsync("GET /half HTTP/1.1\r\nhost: greeter\r\nconnection: close\r\n\r\n"u8.ToArray(), Cancel);
        await tunnel.Output.CompleteAsync();
        Assert.StartsWith("HTTP/1.1 200 ", await ReadToEndAsync(tunnel.Input), StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static HttpRequestMessage Request(string httpVersion, string? version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://greeter.demo/hello") { Version = Version.Parse(httpVersion), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (version is not null)
            request.Headers.Add(DemoMesh.VersionHeader, version);
        return request;
    }

    private static async Task<string> ReadToEndAsync(PipeReader input)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(Cancel).AsTask().WaitAsync(MeshInOneProcess.Patience);
            if (read.IsCompleted)
            {
                string text = Encoding.Latin1.GetString(read.Buffer.ToArray());
                await input.CompleteAsync();
                return text;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
