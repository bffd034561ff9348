using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Grpc;
using Waypoint.Model.Hashing;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Filters;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Mirroring;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Http;

/// <summary>Everything about one request while it crosses the proxy. Reused from request to request of a connection; one request at a time uses it.</summary>
internal sealed class HttpExchange
{
    private TimeProvider? _time;

    private int _serial;

    private List<IResponseEdit>? _responseEdits;

    // Worked out when it is asked for: most requests are not logged, and reading a clock is not free.
    private DateTimeOffset? _startTime;

    // One number for all choices of the route: a request that is matched again (filters may ask for it) falls into the same share.
    private ulong _routeRandom;

    public HttpExchange()
    {
        FormatValues = new ExchangeFormatValues(this);
        Context = new DefaultHttpContext();
        Transformer = new AttemptTransformer(this);
    }

    /// <summary>Changes with each request: tells who comes late that it is another one.</summary>
    public int Serial => Volatile.Read(ref _serial);

    /// <summary>The server's view of the request.</summary>
    public DefaultHttpContext Context { get; }

    /// <summary>Edits requests and responses on their way through the forwarder; kept with the exchange so that an attempt allocates none.</summary>
    public AttemptTransformer Transformer { get; }

    /// <summary>What format strings may ask of the request.</summary>
    public ExchangeFormatValues FormatValues { get; }

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

    /// <summary>Deadline and tries' limits.</summary>
    public RequestClock Clock { get; } = new();

    /// <summary>True when something behind hygiene set control headers (<c>x-envoy-...</c>), which then count.</summary>
    public bool HasControlHeaders { get; set; }

    /// <summary>False when the request surely has no header whose name begins with <c>x-envoy-</c>: the common case, in which none of the twenty is looked for.</summary>
    public bool MayHaveEnvoyHeaders { get; set; } = true;

    /// <summary>The request's headers in the server's table.</summary>
    [NotNull]
    public IHeaderDictionary? RequestHeaders { get; private set; }

    /// <summary>True when a retry was wanted and the body is too large to be sent again.</summary>
    public bool BodyTooLargeToRetry { get; set; }

    /// <summary>True once an upstream's answer is on its way to the client.</summary>
    public bool AnswerAccepted { get; private set; }

    /// <summary>How long nothing may move on the stream; zero: for ever.</summary>
    public TimeSpan StreamIdleTimeout { get; set; }

    /// <summary>Request method.</summary>
    public string Method { get; private set; } = "";

    /// <summary>Path with query as it will be matched and forwarded: normalised, later rewritten.</summary>
    public string Path { get; set; } = "";

    /// <summary>Path with query as the client sent it, without the secrets that filters took out of it: this one is logged.</summary>
    public string OriginalPath { get; set; } = "";

    /// <summary>Host or :authority as it will be matched and forwarded.</summary>
    public string Authority { get; set; } = "";

    /// <summary><c>:scheme</c>: from x-forwarded-proto where that is http or https.</summary>
    public string Scheme => RequestHeaders["x-forwarded-proto"].ToString() is "https" ? "https" : "http";

    /// <summary>Reads the connection's HTTP/1 messages; null for HTTP/2.</summary>
    public Http1Intake? Wire { get; private set; }

    /// <summary>Where interim responses of upstreams go.</summary>
    public InterimTarget Interims { get; private set; }

    /// <summary>The client's address as the request's headers tell it; null: the tunnel's peer.</summary>
    public IPAddress? ForwardedAddress { get; set; }

    /// <summary><c>:protocol</c> of an extended CONNECT; null for every other request.</summary>
    public string? ExtendedConnectProtocol => Wire is not null ? null : Context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect ? connect.Protocol : null;

    /// <summary>True if the request asks for another protocol on its stream.</summary>
    public bool IsUpgrade => Wire is not { IsPlain: true }
        && (Context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || ExtendedConnectProtocol is not null);

    /// <summary>False if the request surely has no body.</summary>
    public bool CanHaveBody => Wire is { IsPlain: true } wire ? wire.HasBody : Context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    /// <summary>True if the client may still be sending its body when the upstream answers.</summary>
    public bool SendsBody { get; set; }

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

    /// <summary>Cookies that keep the client at its endpoint, for the upstream's answer; null: none.</summary>
    public IReadOnlyList<GeneratedCookie>? NewCookies { get; set; }

    /// <summary>What went wrong in the end.</summary>
    public FailureReason Failure { get; set; }

    /// <summary>RESPONSE_CODE_DETAILS when it is not the one of <see cref="Failure"/>.</summary>
    public string? Details { get; set; }

    /// <summary>Text of the connect failure (UPSTREAM_TRANSPORT_FAILURE_REASON).</summary>
    public string? TransportFailure { get; set; }

    /// <summary>True when retries were wanted and used up (flag URX).</summary>
    public bool RetriesExhausted { get; set; }

    /// <summary>True when a retry was wanted and the cluster's circuit breaker did not allow it (flag UO).</summary>
    public bool RetryOverflowed { get; set; }

    /// <summary>True when fault injection delayed the request (flag DI).</summary>
    public bool DelayInjected { get; set; }

    /// <summary>True when the answer is ours, not an upstream's.</summary>
    public bool AnsweredLocally { get; set; }

    /// <summary>Timestamp of the first byte of the request as the server handed it over.</summary>
    public long StartTimestamp { get; private set; }

    /// <summary>Wall clock of <see cref="StartTimestamp"/>.</summary>
    public DateTimeOffset StartTime => _startTime ??= Time.GetUtcNow() - SinceStart();

    /// <summary>Timestamp of the start of the last attempt.</summary>
    public long AttemptTimestamp { get; set; }

    /// <summary>From the attempt's start to its response headers; null before those.</summary>
    public TimeSpan? UpstreamServiceTime { get; set; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => _time!;

    /// <summary>Client gone.</summary>
    public CancellationToken ClientGone => Context.RequestAborted;

    /// <summary>True for <c>application/grpc</c> requests, which get local replies in gRPC's form.</summary>
    public bool IsGrpc => Context.Request.ContentType is { } type && GrpcContent.IsGrpc(type);

    /// <summary>What <see cref="IsGrpc"/> was when the request was routed, behind all filters. The answer comes on another core, to which the server's headers are far.</summary>
    public bool IsGrpcRouted { get; private set; }

    /// <summary>Takes up a new request.</summary>
    public void Begin(IFeatureCollection features, RuntimeSnapshot snapshot, TimeProvider time)
    {
        Context.Initialize(features);
        StartTimestamp = time.GetTimestamp();
        _startTime = null;
        _routeRandom = RandomValue();
        Snapshot = snapshot;
        Tunnel = features.Get<TunnelContext>() ?? throw new InvalidOperationException("The inner server got a connection that is no tunnel.");
        Chain = Tunnel.ChainIn(snapshot);
        _time = time;
        IHttpRequestFeature request = features.GetRequiredFeature<IHttpRequestFeature>();
        Method = request.Method;
        OriginalPath = request.RawTarget;
        Path = OriginalPath;
        RequestHeaders = request.Headers;
        Authority = RequestHeaders.Host.ToString();
        Tunnel.Limits?.RequestBegan();
        Wire = Tunnel.Wire;
        if (Wire is { } wire)
        {
            // What the inner server was not to see.
            Path = OriginalPath = wire.Target ?? OriginalPath;
            Authority = wire.Host ?? Authority;
        }

        if (Tunnel.Output is { } output)
        {
            Interims = new InterimTarget(output, output.Begin(Config is { AcceptHttp10: true } && HttpProtocol.IsHttp10(request.Protocol)));
        }
    }

    /// <summary>The message could not be read: nothing of the placeholder that stands for it is to be shown.</summary>
    public void NoteUnreadable() => Method = Path = OriginalPath = Authority = "";

    /// <summary>Takes an extended CONNECT for what it stands for, a GET that asks for an upgrade, so that policies and routes need to know one form only.</summary>
    public void TakeAsUpgrade(string protocol)
    {
        Method = HttpMethods.Get;
        RequestHeaders.Connection = "upgrade";
        RequestHeaders.Upgrade = protocol;
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
                Scheme = RequestHeaders["x-forwarded-proto"].ToString(),
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

    /// <summary>Decides how long the request may take, and starts its clock.</summary>
    public void TakeTimeouts(Route route, ForwardAction action)
    {
        var headers = new RequestHeaderEdits(this);
        IsGrpcRouted = IsGrpc;
        Clock.Begin(RequestTimeouts.Take(action, route.RetryPolicy, IsGrpcRouted, respectExpected: false, ref headers), Time);
    }

    /// <summary>The request's retry policy.</summary>
    public RetryPlan? TakeRetryPlan(Route route)
    {
        var headers = new RequestHeaderEdits(this);
        return HasControlHeaders ? RetryPlan.Take(route.RetryPolicy, ref headers) : RetryPlan.Of(route.RetryPolicy, new RequestHeaderView(this));
    }

    /// <summary>Tells the upstream how long the coming try is waited for.</summary>
    public void AnnounceTimeouts()
    {
        var headers = new RequestHeaderEdits(this);
        Clock.Limits.Announce(Attempts > 1 ? Clock.Elapsed : TimeSpan.Zero, Config is not { SuppressEnvoyHeaders: true }, hedges: false, ref headers);
    }

    /// <summary>Changes the request as the route says.</summary>
    public void EditRequest()
    {
        var headers = new RequestHeaderEdits(this);
        Match.EditRequest(ref headers, Choice, FormatValues, Config is { SuppressEnvoyHeaders: true });
    }

    /// <summary>Lets a filter change the response later; the filter that saw the request last is the first to see the response.</summary>
    public void OnResponse(IResponseEdit edit) => (_responseEdits ??= []).Add(edit);

    /// <summary>Changes the response as the route and then the filters say.</summary>
    public void EditResponse()
    {
        var headers = new ResponseHeaderEdits(Context.Response.Headers);
        Match.EditResponse(ref headers, Choice, FormatValues);
        for (int i = (_responseEdits?.Count ?? 0) - 1; i >= 0; i--)
        {
            _responseEdits![i].Edit(this);
        }
    }

    /// <summary>True if a filter wants to see the trailers.</summary>
    public bool EditsTrailers => _responseEdits?.Exists(static edit => edit is ITrailerEdit) ?? false;

    /// <summary>Lets filters change the trailers, in the order of <see cref="EditResponse"/>.</summary>
    public async ValueTask EditTrailersAsync(IHeaderDictionary trailers)
    {
        for (int i = (_responseEdits?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (_responseEdits![i] is ITrailerEdit edit)
            {
                await edit.EditTrailersAsync(this, trailers).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Time since the last attempt began.</summary>
    public TimeSpan SinceAttempt() => _time!.GetElapsedTime(AttemptTimestamp);

    /// <summary>Time since the request began.</summary>
    public TimeSpan SinceStart() => _time!.GetElapsedTime(StartTimestamp);

    /// <summary>An upstream's answer goes to the client: there is no way back to another try.</summary>
    public void ResponseAccepted(bool isUpgrade)
    {
        AnswerAccepted = true;
        Body?.StopKeeping();
        Retries?.Release();
        if (isUpgrade)
        {
            Wire?.OpenPayload();
        }

        Clock.AnswerBegan(isUpgrade);
    }

    /// <summary>Forgets the request, so that nothing of it reaches the next one.</summary>
    public void End()
    {
        Interlocked.Increment(ref _serial);
        Tunnel?.Limits?.RequestEnded();
        Context.Uninitialize();
        Transformer.Reset();
        Tunnel = null;
        Wire = null;
        Interims = default;
        ForwardedAddress = null;
        Snapshot = null;
        Chain = null;
        Match = default;
        Choice = default;
        Metadata.Clear();
        Method = Path = OriginalPath = Authority = "";
        Cluster = null;
        Upstream = null;
        Attempts = 0;
        NewCookies = null;
        Failure = FailureReason.None;
        Details = null;
        TransportFailure = null;
        RetriesExhausted = false;
        RetryOverflowed = false;
        DelayInjected = false;
        _responseEdits?.Clear();
        RedirectToPath = false;
        Retries?.Release();
        Retries = null;
        Body?.Dispose();
        Body = null;
        MirroredBody?.Dispose();
        MirroredBody = null;
        Clock.Reset();
        HasControlHeaders = false;
        MayHaveEnvoyHeaders = true;
        RequestHeaders = null;
        BodyTooLargeToRetry = false;
        AnsweredLocally = false;
        UpstreamServiceTime = null;
        StreamIdleTimeout = TimeSpan.Zero;
        AnswerAccepted = false;
        SendsBody = false;
        IsGrpcRouted = false;
    }

    /// <summary>A random number that decides shares.</summary>
    public static ulong RandomValue()
    {
#pragma warning disable CA5394 // spreads load, protects nothing
        return (ulong)Random.Shared.NextInt64();
#pragma warning restore CA5394
    }
}
