using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Waypoint.Demo;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.EndToEnd.Tests;

/// <summary>Inner connections that end at their limits, over real sockets.</summary>
[Collection(MeshInOneProcess.Addresses)]
public sealed class ConnectionLimitTests(LimitedMesh mesh) : IClassFixture<LimitedMesh>
{
    private const string Service = DemoMesh.Vip + ":80";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_OverHttp11_TheSecondAnswerEndsTheConnection()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        for (int i = 0; i < 3; i++)
            await tunnel.Output.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Cancel);
        string answers = await ReadToEndAsync(tunnel.Input);
        Assert.Equal(2, answers.Split("HTTP/1.1 200 ").Length - 1);
        Assert.Equal(1, answers.Split("Connection: close\r\n", StringSplitOptions.None).Length - 1);
        Assert.True(answers.LastIndexOf("Connection: close", StringComparison.Ordinal) > answers.LastIndexOf("HTTP/1.1 200 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_OverHttp2_GoOnOnAnotherConnection()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        int connections = 0;
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, _) =>
            {
                Interlocked.Increment(ref connections);
                return new TunnelStream(await mesh.ConnectAsync(ztunnel, Service));
            },
        });
        for (int i = 0; i < 6; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "http://greeter.demo/") { Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using HttpResponseMessage response = await client.SendAsync(request, Cancel).WaitAsync(MeshInOneProcess.Patience);
            Assert.Equal(200, (int)response.StatusCode);
            await response.Content.ReadAsStringAsync(Cancel);
        }

        Assert.True(connections >= 3, $"{connections} connections");
    }

    [Fact]
    public async Task Age_IdleConnection_IsClosed()
    {
        await using TunnelPool ztunnel = mesh.Ztunnel(DemoMesh.ClientPrincipal);
        Tunnel tunnel = await mesh.ConnectAsync(ztunnel, Service);
        await tunnel.Output.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Cancel);
        string answer = await ReadToEndAsync(tunnel.Input);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Connection: close", answer, StringComparison.Ordinal);
    }

    private static async Task<string> ReadToEndAsync(PipeReader input)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(Cancel).AsTask().WaitAsync(MeshInOneProcess.Patience);
            if (read.IsCompleted)
                return Encoding.Latin1.GetString(read.Buffer.ToArray());
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
