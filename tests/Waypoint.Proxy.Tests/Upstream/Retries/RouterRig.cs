using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Mirroring;
using Yarp.ReverseProxy.Forwarder;
using Endpoint = Waypoint.Model.Endpoints.Endpoint;

namespace Waypoint.Proxy.Tests.Upstream.Retries;

/// <summary>One request through the real router and forwarder to endpoints on plain sockets.</summary>
internal sealed class RouterRig : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddHttpForwarder().AddLogging().BuildServiceProvider();
    private readonly MirrorDispatcher _mirrors = new(new MirrorOptions(), TimeProvider.System, NullLogger<MirrorDispatcher>.Instance);

    public RetryPolicyConfig? Policy { get; init; }

    public TimeSpan Timeout { get; init; }

    public ulong? BodyBufferLimit { get; init; }

    public bool AttemptCounts { get; init; }

    public (string Name, string Value)[] Headers { get; init; } = [];

    /// <summary>The client's body; null: none.</summary>
    public Stream? Body { get; init; }

    public IReadOnlyList<IPEndPoint> Endpoints { get; init; } = [];

    /// <summary>Filters before the router.</summary>
    public Func<HttpExchange, ValueTask<bool>>? Filter { get; init; }

    /// <summary>What became of it.</summary>
    public async Task<RouterOutcome> SendAsync()
    {
        var action = new ForwardAction { Clusters = ClusterSelector.Single("c"), Timeout = Timeout };
        var route = new Route { Condition = new RouteCondition { Path = PathCondition.Prefix("/") }, Action = action, RetryPolicy = Policy, BodyBufferLimit = BodyBufferLimit };
        var host = new VirtualHost { Name = "v", Domains = ["*"], Routes = [route], AttemptCountInRequest = AttemptCounts, AttemptCountInResponse = AttemptCounts, TimeoutRetryHeader = AttemptCounts };
        var config = new HttpConnectionConfig { Routes = new RouteTable { Name = "t", VirtualHosts = [host] }, Filters = [], ServerName = "istio-envoy" };
        using ClusterFixture cluster = Cluster();
        var builder = new ExchangeBuilder { Method = Body is null ? "GET" : "POST", Target = "/a", Headers = Headers, Config = config, Clusters = new Dictionary<string, ClusterRuntime> { ["c"] = cluster.Runtime } };
        HttpExchange exchange = builder.Build();
        var response = new StartingResponse();
        exchange.Context.Features.Set<IHttpResponseFeature>(response);
        exchange.Context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(response.Sink));
        if (Body is not null)
        {
            exchange.Context.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
            exchange.Context.Request.Body = Body;
        }

        exchange.Context.Request.Headers["x-forwarded-proto"] = "http";
        exchange.FindRoute(config);
        if (Filter is not null)
        {
            Assert.True(await Filter(exchange));
        }

        var router = new UpstreamRouter(_services.GetRequiredService<IHttpForwarder>(), _mirrors, TimeProvider.System, NullLogger.Instance);
        await router.ForwardAsync(exchange, route, action).WaitAsync(TimeSpan.FromSeconds(30));
        return new RouterOutcome(
            exchange.Context.Response.StatusCode, ExchangeFlags.Of(exchange, longForm: false), ExchangeRecord.DetailsOf(exchange, Model.Failures.FailureTable.Of(exchange.Failure)),
            exchange.Attempts, Encoding.Latin1.GetString(response.Sink.ToArray()), exchange.Context.Response.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        _mirrors.Dispose();
        await _services.DisposeAsync();
    }

    private ClusterFixture Cluster()
    {
        Endpoint[] endpoints = [.. Endpoints.Select(static address => new Endpoint { Kind = EndpointKind.Direct, Address = address, AddressText = address.ToString() })];
        var config = new ClusterConfig { Name = "c", ContentHash = new(0, 1), Discovery = ClusterDiscovery.Eds, EdsServiceName = "c", ConnectTimeout = TimeSpan.FromSeconds(2) };
        var assignment = new ClusterEndpoints([new LocalityEndpoints("", "", "", 0, 1, endpoints)]);
        // Plain sockets need neither tunnels nor workloads.
        return new ClusterFixture(new ClusterRuntime(config, assignment, Handlers()));
    }

    private static UpstreamHandlerFactory Handlers() =>
        new(new EndpointConnector(null!, new EndpointSockets(null!, TimeProvider.System), null!, TimeProvider.System), null!, TimeProvider.System);

    private sealed class ClusterFixture(ClusterRuntime runtime) : IDisposable
    {
        public ClusterRuntime Runtime => runtime;

        public void Dispose() => runtime.Retire();
    }

    private sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }

    /// <summary>A response that has started once its body was written to, as a server's has.</summary>
    private sealed class StartingResponse : HttpResponseFeature
    {
        public MemoryStream Sink { get; } = new();

        public override bool HasStarted => Sink.Length > 0;
    }
}
