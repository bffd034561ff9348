using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Agent;

namespace Waypoint.Tests.Agent;

public class StatusServerTests
{
    private static readonly IPAddress Address = IPAddress.Parse("127.0.21.1");

    [Fact]
    public async Task Probe_ConditionAfterCondition_ReadyOnlyWithAllAndNeverAgainWhileDraining()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs a loopback address of its own, which only Linux has without configuration");
        var readiness = new Readiness();
        await using var server = new StatusServer(readiness, [Address], NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());

        Assert.Equal((503, true), await AskAsync(client, "no certificate yet"));
        readiness.CertificatePresent();
        Assert.Equal((503, true), await AskAsync(client, "config not received"));
        readiness.ConfigurationApplied();
        Assert.Equal((503, true), await AskAsync(client, "15008 is not open"));
        readiness.ListenersBound();
        Assert.Equal((200, true), await AskAsync(client, "ready"));
        readiness.DrainBegun();
        Assert.Equal((503, true), await AskAsync(client, "draining"));
    }

    [Fact]
    public async Task Probe_OtherPath_NotFound()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs a loopback address of its own, which only Linux has without configuration");
        await using var server = new StatusServer(new Readiness(), [IPAddress.Parse("127.0.21.2")], NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://127.0.21.2:15021/other"), limit.Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<(int Status, bool Says)> AskAsync(HttpMessageInvoker client, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"http://{Address}:15021/healthz/ready"), limit.Token);
        var body = await answer.Content.ReadAsStringAsync(limit.Token);
        return ((int)answer.StatusCode, body.Contains(text, StringComparison.Ordinal));
    }
}
