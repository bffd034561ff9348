using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>Sends copies of requests where the route wants them (<c>request_mirror_policies</c>). The main request pays for the copy of its head and of each piece of its body;
/// everything else happens elsewhere, and nothing that goes wrong there comes back.</summary>
internal sealed class MirrorDispatcher : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly MirrorOptions _options;

    public MirrorDispatcher(MirrorOptions options, TimeProvider time, ILogger<MirrorDispatcher> logger)
    {
        _options = options;
        Time = time;
        Logger = logger;
        Budget = new MirrorBudget(options);
        Stopping = _stopping.Token;
    }

    /// <summary>What all copies share.</summary>
    public MirrorBudget Budget { get; }

    /// <summary>What became of them.</summary>
    public MirrorCounters Counters { get; } = new();

    /// <summary>The clock of their timeouts.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where failures are told.</summary>
    public ILogger Logger { get; }

    /// <summary>Set when the proxy goes: copies in flight are cut.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Starts the copies that are due. To be called once per request, after the route's edits and before anybody reads the body.</summary>
    public void Start(HttpExchange exchange, ForwardAction action)
    {
        // An upgraded connection is a conversation: the half of one party makes no sense to a third.
        if (action.Mirrors.Count == 0 || exchange.IsUpgrade)
        {
            return;
        }

        bool hasBody = exchange.CanHaveBody;
        var copies = new List<MirrorRequest>(action.Mirrors.Count);
        for (int i = 0; i < action.Mirrors.Count; i++)
        {
            if (IsDue(action.Mirrors[i]) && TryMake(exchange, action, action.Mirrors[i], hasBody) is { } copy)
            {
                copies.Add(copy);
            }
        }

        if (hasBody && copies.Count > 0)
        {
            HttpRequest request = exchange.Context.Request;
            exchange.MirroredBody = new MirroredRequestBody(request.Body, request.ContentLength, copies);
            request.Body = exchange.MirroredBody;
        }

        foreach (MirrorRequest copy in copies)
        {
            // Never on this thread: sending may connect, encrypt and write before it first yields.
            ThreadPool.UnsafeQueueUserWorkItem(copy, preferLocal: false);
        }
    }

    /// <summary>Cuts the copies in flight.</summary>
    public void Dispose()
    {
        // No disposal of the source: copies may still be registering with it, and it holds neither timer nor handle.
        _stopping.Cancel();
    }

    private static bool IsDue(MirrorPolicy policy)
    {
#pragma warning disable CA5394 // spreads load, protects nothing
        return policy.Fraction is not { } fraction || fraction.IsEnabled((ulong)Random.Shared.NextInt64(), runtime: null);
#pragma warning restore CA5394
    }

    private MirrorRequest? TryMake(HttpExchange exchange, ForwardAction action, MirrorPolicy policy, bool hasBody)
    {
        string name = ClusterOf(exchange, policy);
        if (!exchange.Snapshot.Clusters.TryGetValue(name, out ClusterRuntime? cluster))
        {
            return NotSent(name, "there is no such cluster");
        }

        if (!Budget.TryEnter())
        {
            Counters.CountWithoutPlace();
            MirrorLog.NotSent(Logger, name, "too many mirrors are in flight");
            return null;
        }

        EndpointRuntime? endpoint = EndpointPicker.Pick(cluster, retries: null, exchange.Tunnel.Destination, out ClusterState state);
        if (endpoint is null)
        {
            Budget.Leave();
            return NotSent(name, "it has no healthy endpoint");
        }

        try
        {
            if (EndpointConnector.RefusalOf(state.Config, endpoint.Endpoint) is { } refusal)
            {
                GiveBack(endpoint);
                return NotSent(name, refusal);
            }

            MirrorBody? body = hasBody ? new MirrorBody(Budget, _options.MaxBufferedBytesPerCopy) : null;
            Version version = UpstreamRouter.SpeaksHttp2(state.Config, exchange.Context.Request) ? HttpVersion.Version20 : HttpVersion.Version11;
            HttpRequestMessage message = MirrorMessage.Create(exchange, policy, endpoint.UriOf(exchange.Path), version, body);
            PoolLease lease = endpoint.Rent(version, endpoint.VariantFor(message.Headers.Host, exchange.Tunnel.Source, exchange.Tunnel.Destination));
            return new MirrorRequest(this, lease, message, body, TimeoutOf(action), endpoint);
        }
#pragma warning disable CA1031 // a copy that cannot be made must not take the main request with it
        catch (Exception failure)
#pragma warning restore CA1031
        {
            GiveBack(endpoint);
            Counters.CountFailed();
            MirrorLog.NotMade(Logger, failure, name);
            return null;
        }
    }

    private static string ClusterOf(HttpExchange exchange, MirrorPolicy policy)
    {
        if (policy.ClusterHeader is not { } header)
        {
            return policy.Cluster;
        }

        var headers = new RequestHeaderView(exchange);
        return headers.Count(header) > 0 ? headers.Get(header, 0) : "";
    }

    private MirrorRequest? NotSent(string cluster, string reason)
    {
        Counters.CountWithoutUpstream();
        MirrorLog.NotSent(Logger, cluster, reason);
        return null;
    }

    private void GiveBack(EndpointRuntime endpoint)
    {
        endpoint.Release();
        Budget.Leave();
    }

    private TimeSpan TimeoutOf(ForwardAction action) =>
        action.EffectiveTimeout is var timeout && timeout > TimeSpan.Zero ? timeout : _options.TimeoutWithoutRouteTimeout;
}
