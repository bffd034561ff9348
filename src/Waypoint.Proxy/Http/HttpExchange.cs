using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Headers;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Filters;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Mirroring;

namespace Waypoint.Proxy.Http;

/// <summary>Everything about one request while it crosses the proxy. Reused from request to request of a connection; one request at a time uses it.</summary>
internal sealed class HttpExchange
{
    private TimeProvider? _time;

    private List<IResponseEdit>? _responseEdits;

    private readonly ExchangeFormatValues _formatValues;

    // One number for all choices of the route: a request that is matched again (filters may ask for it) falls into the same share.
    private ulong _routeRandom;

    public HttpExchange()
    {
        _formatValues = new ExchangeFormatValues(this);
        Context = new DefaultHttpContext();
        Transformer = new AttemptTransformer(this);
    }

    /// <summary>The server's view of the request.</summary>
    public DefaultHttpContext Context { get; }

    /// <summary>Edits requests and responses on their way through the forwarder; kept with the exchange so that an attempt allocates none.</summary>
    public AttemptTransformer Transformer { get; }

    /// <summary>The tunnel that carries the connection.</summary>
    [NotNull]
    public TunnelContext? Tunnel { get; private set; }

    /// <summary>The snapshot this request runs on from its first to its last hop.</summary>
    [NotNull]
    public RuntimeSnapshot? Snapshot { get; private set; }

    /// <summary>The chain of the tunnel in <see cref="Snapshot"/>; null if it is gone.</summary>
    public ChainRuntime? Chain { get; private set; }

    /// <summary>Connection manager of <see cref="Chain"/>; null if there is none to speak of.</summary>
    public HttpConnectionConfig? Config => Chain?.Chain.Http;

    /// <summary>True when the path had to be changed in a way that the connection manager answers with a redirect.</summary>
    public bool RedirectToPath { get; set; }

    /// <summary>The body, kept for further tries; null if the request has none or may not be tried again.</summary>
    public ReplayBody? Body { get; set; }

    /// <summary>The body with its readers' bytes going to mirrors too; null if there are none.</summary>
    public MirroredRequestBody? MirroredBody { get; set; }

    /// <summary>The tries so far; null before the first.</summary>
    public RetryState? Retries { get; set; }

    /// <summary>Ends the running try; null without a timeout for tries.</summary>
    public CancellationTokenSource? TryDeadline { get; set; }

    /// <summary>The timer behind <see cref="TryDeadline"/>.</summary>
    public ITimer? TryTimer { get; set; }

    /// <summary>Ends the request at the route's timeout; null without one.</summary>
    public CancellationTokenSource? Deadline { get; set; }

    /// <summary>Request method.</summary>
    public string Method { get; private set; } = "";

    /// <summary>Path with query as it will be matched and forwarded: normalised, later rewritten.</summary>
    public string Path { get; set; } = "";

    /// <summary>Path with query as the client sent it, without the secrets that filters took out of it: this one is logged.</summary>
    public string OriginalPath { get; set; } = "";

    /// <summary>Host or :authority as it will be matched and forwarded.</summary>
    public string Authority { get; set; } = "";

    /// <summary><c>:scheme</c>: from x-forwarded-proto where that is http or https.</summary>
    public string Scheme => Context.Request.Headers["x-forwarded-proto"].ToString() is "https" ? "https" : "http";

    /// <summary>The route that was chosen.</summary>
    public RouteMatch Match { get; set; }

    /// <summary>What filters left for each other, for policies, routes, headers and logs.</summary>
    public DynamicMetadata Metadata { get; } = new();

    /// <summary>The cluster that the route chose.</summary>
    public ClusterChoice Choice { get; private set; }

    /// <summary>Cluster the request went to, for the log.</summary>
    public string? Cluster { get; set; }

    /// <summary>The endpoint that was tried last.</summary>
    public EndpointRuntime? Upstream { get; set; }

    /// <summary>Tries so far.</summary>
    public int Attempts { get; set; }

    /// <summary>What went wrong in the end.</summary>
    public FailureReason Failure { get; set; }

    /// <summary>RESPONSE_CODE_DETAILS when it is not the one of <see cref="Failure"/>.</summary>
    public string? Details { get; set; }

    /// <summary>Text of the connect failure (UPSTREAM_TRANSPORT_FAILURE_REASON).</summary>
    public string? TransportFailure { get; set; }

    /// <summary>True when retries were wanted and used up (flag URX).</summary>
    public bool RetriesExhausted { get; set; }

    /// <summary>True when fault injection delayed the request (flag DI).</summary>
    public bool DelayInjected { get; set; }

    /// <summary>True when the answer is ours, not an upstream's.</summary>
    public bool AnsweredLocally { get; set; }

    /// <summary>Timestamp of the first byte of the request as the server handed it over.</summary>
    public long StartTimestamp { get; private set; }

    /// <summary>Wall clock of <see cref="StartTimestamp"/>.</summary>
    public DateTimeOffset StartTime { get; private set; }

    /// <summary>Timestamp of the start of the last attempt.</summary>
    public long AttemptTimestamp { get; set; }

    /// <summary>From the attempt's start to its response headers; null before those.</summary>
    public TimeSpan? UpstreamServiceTime { get; set; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => _time!;

    /// <summary>What format operators say about this request.</summary>
    public IFormatValues FormatValues => _formatValues;

    /// <summary>Client gone.</summary>
    public CancellationToken ClientGone => Context.RequestAborted;

    /// <summary>True for <c>application/grpc</c> requests, which get local replies in gRPC's form.</summary>
    public bool IsGrpc => Context.Request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (type.Length == 16 || type[16] is '+' or ';');

    /// <summary>Takes up a new request.</summary>
    public void Begin(IFeatureCollection features, RuntimeSnapshot snapshot, TimeProvider time)
    {
        Context.Initialize(features);
        StartTimestamp = time.GetTimestamp();
        StartTime = time.GetUtcNow();
        _routeRandom = RandomValue();
        Snapshot = snapshot;
        Tunnel = features.Get<TunnelContext>() ?? throw new InvalidOperationException("The inner server got a connection that is no tunnel.");
        Chain = snapshot.Chains.GetValueOrDefault(Tunnel.ChainName);
        _time = time;
        IHttpRequestFeature request = features.GetRequiredFeature<IHttpRequestFeature>();
        Method = request.Method;
        OriginalPath = request.RawTarget;
        Path = OriginalPath;
        Authority = Context.Request.Headers.Host.ToString();
    }

    /// <summary>Matches the route table of <paramref name="config"/>; again whenever a filter has changed what routes may ask for.</summary>
    public void FindRoute(HttpConnectionConfig config)
    {
        if (config.Routes is { } table)
        {
            Match = table.Match(new RouteQuery<RequestHeaderView>
            {
                Headers = new RequestHeaderView(this),
                Method = Method,
                Scheme = Context.Request.Headers["x-forwarded-proto"].ToString(),
                Authority = Authority,
                Path = Path,
                RandomValue = _routeRandom,
                Metadata = Metadata,
                FilterState = Tunnel.State,
            });
        }
    }

    /// <summary>What the matched route says to the filter of that name, or null.</summary>
    public HttpFilterRouteConfig? FilterConfig(string name) =>
        Match.Route is { FilterConfigs: { Count: > 0 } configs } && configs.TryGetValue(name, out HttpFilterRouteConfig? config) ? config : null;

    /// <summary>Chooses the cluster; empty if the route names none for this request.</summary>
    public string ChooseCluster(ForwardAction action)
    {
        Choice = action.SelectCluster(RandomValue(), new RequestHeaderView(this));
        return Choice.Cluster;
    }

    /// <summary>Changes the request as the route says.</summary>
    public void EditRequest()
    {
        var headers = new RequestHeaderEdits(this);
        Match.EditRequest(ref headers, Choice, _formatValues, Config is { SuppressEnvoyHeaders: true });
    }

    /// <summary>Lets a filter change the response later; the filter that saw the request last is the first to see the response.</summary>
    public void OnResponse(IResponseEdit edit) => (_responseEdits ??= []).Add(edit);

    /// <summary>Changes the response as the route and then the filters say.</summary>
    public void EditResponse()
    {
        var headers = new ResponseHeaderEdits(Context.Response.Headers);
        Match.EditResponse(ref headers, Choice, _formatValues);
        for (int i = (_responseEdits?.Count ?? 0) - 1; i >= 0; i--)
        {
            _responseEdits![i].Edit(this);
        }
    }

    /// <summary>Time since the last attempt began.</summary>
    public TimeSpan SinceAttempt() => _time!.GetElapsedTime(AttemptTimestamp);

    /// <summary>Time since the request began.</summary>
    public TimeSpan SinceStart() => _time!.GetElapsedTime(StartTimestamp);

    /// <summary>An upstream's answer goes to the client: there is no way back to another try.</summary>
    public void ResponseAccepted(bool isUpgrade)
    {
        Body?.StopKeeping();
        TryTimer?.Dispose();
        if (isUpgrade)
        {
            // An established upgrade outlives the route's timeout.
            Deadline?.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Forgets the request, so that nothing of it reaches the next one.</summary>
    public void End()
    {
        Context.Uninitialize();
        Transformer.Reset();
        Tunnel = null;
        Snapshot = null;
        Chain = null;
        Match = default;
        Choice = default;
        Metadata.Clear();
        Method = Path = OriginalPath = Authority = "";
        Cluster = null;
        Upstream = null;
        Attempts = 0;
        Failure = FailureReason.None;
        Details = null;
        TransportFailure = null;
        RetriesExhausted = false;
        DelayInjected = false;
        _responseEdits?.Clear();
        RedirectToPath = false;
        Retries = null;
        Body?.Dispose();
        Body = null;
        MirroredBody?.Dispose();
        MirroredBody = null;
        Deadline?.Dispose();
        Deadline = null;
        TryTimer?.Dispose();
        TryTimer = null;
        TryDeadline = null;
        AnsweredLocally = false;
        UpstreamServiceTime = null;
    }

    /// <summary>A random number that decides shares.</summary>
    public static ulong RandomValue()
    {
#pragma warning disable CA5394 // spreads load, protects nothing
        return (ulong)Random.Shared.NextInt64();
#pragma warning restore CA5394
    }
}
