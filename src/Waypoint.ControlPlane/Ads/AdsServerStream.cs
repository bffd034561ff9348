using System.Threading.Channels;
using Waypoint.Grpc;
using Waypoint.Grpc.Server;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.ControlPlane.Ads;

/// <summary>
/// One client's stream: what it has subscribed to and which responses wait for its answer, by istiod's rules. All but
/// <see cref="ServeAsync"/> runs under the server's lock.
/// </summary>
internal sealed class AdsServerStream : IDisposable
{
    private readonly AdsServer _server;
    private readonly GrpcServerCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> _call;
    private readonly Dictionary<string, AdsServerSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeltaDiscoveryResponse> _waiting = new(StringComparer.Ordinal);
    private readonly Channel<DeltaDiscoveryResponse> _queue;
    private readonly CancellationTokenSource _stop;
    private GrpcStatus? _end;
    private Task _stopping = Task.CompletedTask;
    private bool _connected;

    public AdsServerStream(AdsServer server, int number, GrpcServerCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call)
    {
        _server = server;
        _call = call;
        Number = number;
        _queue = Channel.CreateBounded<DeltaDiscoveryResponse>(new BoundedChannelOptions(server.Options.MaxQueuedResponses) { SingleReader = true });
        _stop = CancellationTokenSource.CreateLinkedTokenSource(call.Context.Cancellation);
    }

    public int Number { get; }

    /// <summary>Everything was sent and answered.</summary>
    public bool IsIdle => _waiting.Count == 0;

    public async Task ServeAsync()
    {
        var sending = SendAsync();
        try
        {
            while (await _call.ReadAsync(_stop.Token) is { } request)
                _server.Handle(this, request);
        }
        catch (OperationCanceledException) when (_end is not null)
        {
            // Ended from this side; the status says how.
        }
        finally
        {
            _queue.Writer.TryComplete();
            await _stopping;
            await _stop.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (_end is { IsOk: false } status)
            throw new GrpcException(status);
    }

    /// <summary>Ends the stream with a status. What waits for the stream goes on elsewhere: the caller holds the lock.</summary>
    public void End_Locked(GrpcStatus status)
    {
        if (_end is not null)
            return;
        _end = status;
        _stopping = _stop.CancelAsync();
    }

    public void Handle_Locked(DeltaDiscoveryRequest request)
    {
        if (!_connected)
            Connect_Locked(request);
        var isFirst = !_subscriptions.TryGetValue(request.TypeUrl, out var held);
        if (request.ResponseNonce.Length > 0 && !isFirst)
        {
            Answered_Locked(request);
            if (request.ResourceNamesSubscribe.Count == 0 && request.ResourceNamesUnsubscribe.Count == 0)
                return;
        }
        _server.Observe_Locked(this, AdsServerEventKind.Subscribed, request.TypeUrl, request, null);
        if (isFirst)
            First_Locked(request);
        else
            Change_Locked(held!, request);
    }

    /// <summary>Sends what this client subscribes to of a push.</summary>
    public void Push_Locked(AdsPush push)
    {
        if (!_subscriptions.TryGetValue(push.TypeUrl, out var held))
            return;
        var resources = push.Resources.Where(resource => held.Covers(resource.Name)).ToList();
        IReadOnlyList<string> removed = held.IsWildcard ? push.Removed : [];
        if (resources.Count > 0 || removed.Count > 0)
            Queue_Locked(_server.Response_Locked(push.TypeUrl, resources, removed));
    }

    public void Queue_Locked(DeltaDiscoveryResponse response)
    {
        if (!_queue.Writer.TryWrite(response))
        {
            End_Locked(new GrpcStatus(GrpcStatusCode.ResourceExhausted, "the client does not read its responses"));
            return;
        }
        _waiting[response.Nonce] = response;
    }

    public void Dispose() => _stop.Dispose();

    private void Connect_Locked(DeltaDiscoveryRequest request)
    {
        if (string.IsNullOrEmpty(request.Node?.Id))
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "missing node information");
        if (_server.Options.Admit?.Invoke(_call.Context, request) is { } refusal)
            throw new GrpcException(refusal);
        _connected = true;
        _server.Observe_Locked(this, AdsServerEventKind.Connected, request.TypeUrl, request, null);
    }

    private void First_Locked(DeltaDiscoveryRequest request)
    {
        var type = request.TypeUrl;
        var asksForAll = request.ResourceNamesSubscribe.Count == 0 || request.ResourceNamesSubscribe.Contains("*");
        var held = new AdsServerSubscription(asksForAll && !ResourceTypes.IsNamed(type));
        _subscriptions.Add(type, held);
        held.Names.UnionWith(request.ResourceNamesSubscribe);
        held.Names.Remove("*");
        if (held.IsWildcard)
        {
            AnswerAll_Locked(request);
        }
        else
        {
            held.Names.UnionWith(request.InitialResourceVersions.Keys);
            AnswerNames_Locked(type, held.Names);
        }
        // istiod follows an answer to a request for clusters with the endpoints of those that are subscribed.
        if (type == ResourceTypes.Cluster && _subscriptions.TryGetValue(ResourceTypes.Endpoints, out var endpoints))
            AnswerNames_Locked(ResourceTypes.Endpoints, endpoints.Names);
    }

    /// <summary>Everything, whatever versions are told; only workloads have versions that are compared.</summary>
    private void AnswerAll_Locked(DeltaDiscoveryRequest request)
    {
        var all = _server.State.Of(request.TypeUrl);
        var resources = all.Values.Where(resource => request.TypeUrl != ResourceTypes.Workload || resource.Version.Length == 0
            || !request.InitialResourceVersions.TryGetValue(resource.Name, out var known) || known != resource.Version).ToList();
        var removed = request.InitialResourceVersions.Keys.Where(name => !all.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        Queue_Locked(_server.Response_Locked(request.TypeUrl, resources, removed));
    }

    private void Change_Locked(AdsServerSubscription held, DeltaDiscoveryRequest request)
    {
        var fresh = request.ResourceNamesSubscribe.Where(name => name != "*" && held.Names.Add(name)).ToList();
        held.Names.ExceptWith(request.ResourceNamesUnsubscribe);
        if (request.ResourceNamesUnsubscribe.Contains("*"))
            held.IsWildcard = false;
        AnswerNames_Locked(request.TypeUrl, fresh);
    }

    private void AnswerNames_Locked(string typeUrl, IEnumerable<string> names)
    {
        List<Resource> found = [];
        foreach (var name in names)
        {
            if (_server.State.Answer(typeUrl, name) is { } resource)
                found.Add(resource);
        }
        if (found.Count > 0)
            Queue_Locked(_server.Response_Locked(typeUrl, found, []));
    }

    private void Answered_Locked(DeltaDiscoveryRequest request)
    {
        var kind = !_waiting.Remove(request.ResponseNonce, out var response) ? AdsServerEventKind.Stale
            : request.ErrorDetail is null ? AdsServerEventKind.Acknowledged : AdsServerEventKind.Refused;
        _server.Observe_Locked(this, kind, request.TypeUrl, request, response);
    }

    private async Task SendAsync()
    {
        await foreach (var response in _queue.Reader.ReadAllAsync(_stop.Token))
        {
            _server.NoteSent(this, response);
            await _call.WriteAsync(response, _stop.Token);
        }
    }
}
