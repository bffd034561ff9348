using Microsoft.AspNetCore.Http;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Filters.Fault;
using Waypoint.Model.Matching;
using Waypoint.Proxy.Filters.Fault;
using Waypoint.Proxy.Http;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Filters.Fault;

public sealed class FaultFilterTests
{
    private const string Name = "envoy.filters.http.fault";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Fraction Always = new(1_000_000, 1_000_000);

    private static readonly FaultInjection Abort = new() { AbortStatus = 418, AbortShare = Always };

    private static readonly FaultInjection Delay = new() { Delay = TimeSpan.FromSeconds(2), DelayShare = Always };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Apply_Abort_ConfiguredStatusAndTheRoutesEdits()
    {
        HttpExchange exchange = Exchange(new FaultRouteConfig(Abort));
        Assert.False(await Apply(exchange));
        HttpResponse response = exchange.Context.Response;
        Assert.Equal((418, 18L, "yes"), (response.StatusCode, response.ContentLength, response.Headers["x-route"].ToString()));
        Assert.Equal(("FI", "fault_filter_abort"), (ExchangeRecord.Of(exchange, false).Flags, ExchangeRecord.Of(exchange, false).Details));
    }

    [Theory]
    [InlineData(503, null, "14")]
    [InlineData(0, 8, "8")]
    public async Task Apply_AbortOfGrpcRequest_GrpcStatus(int status, int? grpcStatus, string answered)
    {
        HttpExchange exchange = Exchange(new FaultRouteConfig(Abort with { AbortStatus = status, AbortGrpcStatus = grpcStatus }), ("content-type", "application/grpc"));
        Assert.False(await Apply(exchange));
        IHeaderDictionary headers = exchange.Context.Response.Headers;
        Assert.Equal((200, answered, "fault filter abort"), (exchange.Context.Response.StatusCode, headers["grpc-status"].ToString(), headers["grpc-message"].ToString()));
    }

    [Fact]
    public async Task Apply_GrpcAbortOfAnotherClient_TextWith200()
    {
        HttpExchange exchange = Exchange(new FaultRouteConfig(Abort with { AbortStatus = 0, AbortGrpcStatus = 8 }));
        Assert.False(await Apply(exchange));
        Assert.Equal((200, 18L, 0), (exchange.Context.Response.StatusCode, exchange.Context.Response.ContentLength, exchange.Context.Response.Headers["grpc-status"].Count));
    }

    [Fact]
    public async Task Apply_Delay_PassesWhenItIsOver()
    {
        HttpExchange exchange = Exchange(new FaultRouteConfig(Delay));
        Task<bool> applied = Apply(exchange);
        Assert.Equal(TimeSpan.FromSeconds(2), await _time.NextTimerAsync());
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(applied.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await applied.WaitAsync(Patience));
        Assert.Equal("DI", ExchangeRecord.Of(exchange, false).Flags);
    }

    [Fact]
    public async Task Apply_DelayAndAbort_BothFlags()
    {
        HttpExchange exchange = Exchange(new FaultRouteConfig(Delay with { AbortStatus = 500, AbortShare = Always }));
        Task<bool> applied = Apply(exchange);
        await _time.NextTimerAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await applied.WaitAsync(Patience));
        Assert.Equal((500, "DI,FI"), (exchange.Context.Response.StatusCode, ExchangeRecord.Of(exchange, false).Flags));
    }

    [Fact]
    public async Task Apply_ClientLeavesDuringDelay_EndsAtOnceWithoutAnswer()
    {
        HttpExchange exchange = Exchange(new FaultRouteConfig(Delay with { AbortStatus = 500, AbortShare = Always }));
        using var client = new CancellationTokenSource();
        exchange.Context.RequestAborted = client.Token;
        Task<bool> applied = Apply(exchange);
        await _time.NextTimerAsync();
        await client.CancelAsync();
        Assert.False(await applied.WaitAsync(Patience));
        Assert.Equal((0, "DI,DC"), (ExchangeRecord.Of(exchange, false).Status, ExchangeRecord.Of(exchange, false).Flags));
    }

    [Fact]
    public async Task Apply_RouteSaysNothing_FiltersOwnFaults()
    {
        Assert.False(await new FaultFilter(new FaultFilterConfig(Name, Abort)).ApplyAsync(Exchange(null)));
        Assert.True(await new FaultFilter(new FaultFilterConfig(Name, Abort)).ApplyAsync(Exchange(new FaultRouteConfig(FaultInjection.None))));
        Assert.True(await new FaultFilter(new FaultFilterConfig(Name, Abort)).ApplyAsync(Exchange(new DisabledFilterRouteConfig())));
    }

    [Fact]
    public async Task Apply_FaultHeaders_HaveNoEffect()
    {
        Assert.True(await Apply(Exchange(null, ("x-envoy-fault-abort-request", "503"), ("x-envoy-fault-delay-request", "3000"))));
    }

    private static Task<bool> Apply(HttpExchange exchange) => new FaultFilter(new FaultFilterConfig(Name, FaultInjection.None)).ApplyAsync(exchange).AsTask();

    private HttpExchange Exchange(HttpFilterRouteConfig? faults, params (string Name, string Value)[] headers)
    {
        var builder = new ExchangeBuilder { Config = FilterRoutes.Config(Name, faults), Headers = headers, Time = _time };
        return FilterRoutes.Route(builder);
    }
}
