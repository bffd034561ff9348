using System.Net;
using System.Net.Sockets;
using System.Text;
using Waypoint.Model.Filters.GrpcWeb;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Filters.GrpcWeb;

namespace Waypoint.Proxy.Tests.Upstream.Retries;

/// <summary>Retries over real sockets, with backends that fail on script: attempts, flags, details and headers.</summary>
public sealed class RetryTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    [Theory]
    [InlineData(503, RetryOn.ServerError)]
    [InlineData(502, RetryOn.GatewayError)]
    [InlineData(409, RetryOn.Retriable4xx)]
    [InlineData(418, RetryOn.RetriableStatusCodes)]
    public async Task Status_PolicyNamesIt_TriedUntilGood(int status, RetryOn on)
    {
        await using var backend = new ScriptedBackend(BackendStep.Status(status), BackendStep.Status(status), BackendStep.Status(200));
        RouterOutcome outcome = await SendAsync(Policy(on, 3), backend);
        Assert.Equal((200, 3, "-", "via_upstream", "ok"), (outcome.Status, outcome.Attempts, outcome.Flags, outcome.Details, outcome.Body));
        Assert.Equal(3, backend.Requests.Count);
    }

    [Fact]
    public async Task Status_AlwaysBad_LastAnswerReturnedWithFlagUrx()
    {
        await using var backend = new ScriptedBackend(BackendStep.Status(503, "x-last: yes\r\n"));
        RouterOutcome outcome = await SendAsync(Policy(RetryOn.ServerError, 2), backend);
        Assert.Equal((503, 3, "URX", "via_upstream", "ok"), (outcome.Status, outcome.Attempts, outcome.Flags, outcome.Details, outcome.Body));
        Assert.Equal("yes", outcome.Headers["x-last"]);
    }

    [Fact]
    public async Task Status_NotNamed_OneTry()
    {
        await using var backend = new ScriptedBackend(BackendStep.Status(500));
        RouterOutcome outcome = await SendAsync(Policy(RetryOn.GatewayError, 2), backend);
        Assert.Equal((500, 1, "-"), (outcome.Status, outcome.Attempts, outcome.Flags));
    }

    [Theory]
    [InlineData(RetryOn.Reset, 2)]
    [InlineData(RetryOn.ResetBeforeRequest, 2)]
    [InlineData(RetryOn.ConnectFailure, 1)]
    public async Task ResetBeforeHeaders_PolicyDecides(RetryOn on, int attempts)
    {
        await using var backend = new ScriptedBackend(BackendStep.Close, BackendStep.Status(200));
        RouterOutcome outcome = await SendAsync(Policy(on, 1), backend);
        Assert.Equal((attempts == 2 ? 200 : 503, attempts, attempts == 2 ? "-" : "UC"), (outcome.Status, outcome.Attempts, outcome.Flags));
    }

    [Fact]
    public async Task ResetBeforeHeaders_EveryTime_UcAndUrxWithTheBodyOfARetry()
    {
        await using var backend = new ScriptedBackend(BackendStep.Reset);
        RouterOutcome outcome = await SendAsync(Policy(RetryOn.Reset, 1), backend);
        Assert.Equal((503, 2, "UC,URX"), (outcome.Status, outcome.Attempts, outcome.Flags));
        Assert.Equal("upstream_reset_before_response_started{connection_termination}", outcome.Details);
        Assert.Equal("upstream connect error or disconnect/reset before headers. retried and the latest reset reason: connection termination", outcome.Body);
    }

    [Fact]
    public async Task ResetAfterHeaders_NeverTriedAgain()
    {
        await using var backend = new ScriptedBackend(BackendStep.HalfAnswer, BackendStep.Status(200));
        RouterOutcome outcome = await SendAsync(Policy(RetryOn.Reset | RetryOn.ServerError, 3), backend);
        Assert.Equal((200, 1, "part"), (outcome.Status, outcome.Attempts, outcome.Body));
        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task RefusedConnect_OtherEndpointServes_TriedThere()
    {
        await using var backend = new ScriptedBackend(BackendStep.Status(200));
        await using var rig = new RouterRig { Policy = Policy(RetryOn.ConnectFailure, 5), Endpoints = [ClosedPort(), backend.EndPoint] };
        for (int i = 0; i < 5; i++)
        {
            RouterOutcome outcome = await rig.SendAsync();
            Assert.Equal(200, outcome.Status);
            Assert.InRange(outcome.Attempts, 1, 2);
        }
    }

    [Fact]
    public async Task RefusedConnect_NobodyServes_UfAndUrxWithTheReason()
    {
        await using var rig = new RouterRig { Policy = Policy(RetryOn.ConnectFailure, 2), Endpoints = [ClosedPort()] };
        RouterOutcome outcome = await rig.SendAsync();
        Assert.Equal((503, 3, "UF,URX"), (outcome.Status, outcome.Attempts, outcome.Flags));
        Assert.StartsWith("upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_", outcome.Details, StringComparison.Ordinal);
        Assert.StartsWith(
            "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, transport failure reason: delayed connect error: ",
            outcome.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PerTryTimeout_SecondTryAnswers_200()
    {
        await using var backend = new ScriptedBackend(BackendStep.Silence, BackendStep.Status(200));
        await using var rig = new RouterRig { Policy = Policy(RetryOn.ServerError, 1, perTry: Short), Endpoints = [backend.EndPoint], AttemptCounts = true };
        RouterOutcome outcome = await rig.SendAsync();
        Assert.Equal((200, 2, "-"), (outcome.Status, outcome.Attempts, outcome.Flags));
        Assert.Contains("x-envoy-is-timeout-retry: true", backend.Requests[1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task PerTryTimeout_NoRetryLeft_504WithUtAndUrx()
    {
        await using var backend = new ScriptedBackend(BackendStep.Silence);
        RouterOutcome outcome = await SendAsync(Policy(RetryOn.GatewayError, 1, perTry: Short), backend);
        Assert.Equal((504, 2, "UT,URX", "upstream_per_try_timeout", "upstream request timeout"), (outcome.Status, outcome.Attempts, outcome.Flags, outcome.Details, outcome.Body));
    }

    [Fact]
    public async Task PerTryIdleTimeout_SilentUpstream_504WithItsDetails()
    {
        await using var backend = new ScriptedBackend(BackendStep.Silence);
        RouterOutcome outcome = await SendAsync(Policy(RetryOn.ConnectFailure, 1, perTryIdle: Short), backend);
        Assert.Equal((504, 1, "UT", "upstream_per_try_idle_timeout"), (outcome.Status, outcome.Attempts, outcome.Flags, outcome.Details));
    }

    [Fact]
    public async Task RouteTimeout_DuringTries_504WithUt()
    {
        await using var backend = new ScriptedBackend(BackendStep.Silence);
        await using var rig = new RouterRig { Policy = Policy(RetryOn.ServerError, 5), Timeout = Short, Endpoints = [backend.EndPoint] };
        RouterOutcome outcome = await rig.SendAsync();
        Assert.Equal((504, 1, "UT", "response_timeout"), (outcome.Status, outcome.Attempts, outcome.Flags, outcome.Details));
        Assert.Contains("x-envoy-expected-rq-timeout-ms: 150", backend.Requests[0], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task AttemptCounts_TwoTries_UpstreamAndClientAreTold()
    {
        await using var backend = new ScriptedBackend(BackendStep.Status(503), BackendStep.Status(200));
        await using var rig = new RouterRig { Policy = Policy(RetryOn.ServerError, 2), Endpoints = [backend.EndPoint], AttemptCounts = true };
        RouterOutcome outcome = await rig.SendAsync();
        Assert.Contains("x-envoy-attempt-count: 1", backend.Requests[0], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("x-envoy-attempt-count: 2", backend.Requests[1], StringComparison.OrdinalIgnoreCase);
        Assert.Equal("2", outcome.Headers["x-envoy-attempt-count"]);
    }

    [Fact]
    public async Task RequestBody_WithinTheBound_SentAgainWhole()
    {
        await using var backend = new ScriptedBackend(BackendStep.Status(503), BackendStep.Status(200));
        await using var rig = Upload(backend, "0123456789", limit: 10);
        RouterOutcome outcome = await rig.SendAsync();
        Assert.Equal((200, 2), (outcome.Status, outcome.Attempts));
        Assert.All(backend.Requests, static request => Assert.Contains("0123456789", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RequestBody_BeyondTheBound_OneTry()
    {
        await using var backend = new ScriptedBackend(BackendStep.Status(503), BackendStep.Status(200));
        await using var rig = Upload(backend, "0123456789+", limit: 10);
        RouterOutcome outcome = await rig.SendAsync();
        Assert.Equal((503, 1, "-"), (outcome.Status, outcome.Attempts, outcome.Flags));
    }

    [Fact]
    public async Task ResetHeader_SaysWhen_NotTriedBefore()
    {
        await using var backend = new ScriptedBackend(BackendStep.Status(503, "retry-after: 1\r\n"), BackendStep.Status(200));
        var policy = new RetryPolicyConfig { RetryOn = RetryOn.ServerError, ResetHeaders = [new RetryResetHeader("retry-after", IsTimestamp: false)] };
        long start = TimeProvider.System.GetTimestamp();
        RouterOutcome outcome = await SendAsync(policy, backend);
        Assert.Equal((200, 2), (outcome.Status, outcome.Attempts));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0.95, 20);
    }

    [Fact]
    public async Task NoEndpoints_503WithUh()
    {
        await using var rig = new RouterRig { Policy = Policy(RetryOn.ServerError, 2) };
        RouterOutcome outcome = await rig.SendAsync();
        Assert.Equal((503, 0, "UH", "no_healthy_upstream", "no healthy upstream"), (outcome.Status, outcome.Attempts, outcome.Flags, outcome.Details, outcome.Body));
    }

    [Fact]
    public async Task AttemptCount_LocalReply_ClientIsTold()
    {
        await using var rig = new RouterRig { Policy = Policy(RetryOn.ConnectFailure, 1), Endpoints = [ClosedPort()], AttemptCounts = true };
        RouterOutcome outcome = await rig.SendAsync();
        Assert.Equal((503, "2"), (outcome.Status, outcome.Headers["x-envoy-attempt-count"].ToString()));
    }

    [Fact]
    public async Task GrpcWeb_TrailersOfTheUpstream_LastFrameOfTheBody()
    {
        await using var backend = new ScriptedBackend(new BackendStep(
            BackendStepKind.Answer, "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\ngrpc-status: 0\r\n\r\n"));
        var filter = new GrpcWebFilter(new GrpcWebFilterConfig("f"));
        await using var rig = new RouterRig { Headers = [("content-type", "application/grpc-web+proto")], Endpoints = [backend.EndPoint], Filter = filter.ApplyAsync };
        RouterOutcome outcome = await rig.SendAsync();
        Assert.Equal((200, "application/grpc-web+proto"), (outcome.Status, outcome.Headers.ContentType.ToString()));
        Assert.Equal("abc\u0080\0\0\0\u000fgrpc-status:0\r\n", outcome.Body);
        Assert.Contains("content-type: application/grpc\r\n", backend.Requests[0], StringComparison.OrdinalIgnoreCase);
    }

    private static RouterRig Upload(ScriptedBackend backend, string body, ulong limit) => new()
    {
        Policy = Policy(RetryOn.ServerError, 2),
        BodyBufferLimit = limit,
        Body = new MemoryStream(Encoding.ASCII.GetBytes(body)),
        Headers = [("content-length", body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))],
        Endpoints = [backend.EndPoint],
    };

    private static async Task<RouterOutcome> SendAsync(RetryPolicyConfig policy, ScriptedBackend backend)
    {
        await using var rig = new RouterRig { Policy = policy, Endpoints = [backend.EndPoint] };
        return await rig.SendAsync();
    }

    private static RetryPolicyConfig Policy(RetryOn on, int retries, TimeSpan? perTry = null, TimeSpan? perTryIdle = null) => new()
    {
        RetryOn = on,
        MaxRetries = retries,
        RetriableStatusCodes = [418],
        PerTryTimeout = perTry,
        PerTryIdleTimeout = perTryIdle,
        BaseInterval = TimeSpan.FromMilliseconds(1),
        AvoidPreviousHosts = true,
        HostSelectionAttempts = 5,
    };

    private static IPEndPoint ClosedPort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }
}
