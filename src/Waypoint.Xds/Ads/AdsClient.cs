using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Waypoint.Grpc;
using Waypoint.Grpc.Client;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Protos.GoogleRpc;

namespace Waypoint.Xds.Ads;

/// <summary>
/// Keeps one delta ADS stream to the control plane, for ever: subscribes, hands each response to the consumer, acknowledges it
/// when the consumer has applied it, and comes back after a loss with everything it holds. Never throws configuration away.
/// </summary>
public sealed class AdsClient
{
    private readonly AdsClientOptions _options;
    private readonly IAdsConsumer _consumer;
    private readonly ILogger _logger;
    private readonly SubscriptionTable _subscriptions;
    private readonly AdsBackoff _backoff;
    private readonly AdsTally _tally = new();
    private readonly string _address;
    private volatile AdsConnectionState _state = AdsConnectionState.Stopped;
    private volatile string? _lastDisconnect;
    private ITimer? _endpointWait;

    /// <summary>A client that does nothing yet.</summary>
    /// <param name="options">Whom to ask and as whom.</param>
    /// <param name="consumer">Applies responses.</param>
    /// <param name="logger">Connection changes and refused responses.</param>
    public AdsClient(AdsClientOptions options, IAdsConsumer consumer, ILogger<AdsClient> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _consumer = consumer;
        _logger = logger;
        _subscriptions = new SubscriptionTable(options.MaxRequestBytes);
        _backoff = new AdsBackoff(options.BackoffBase, options.BackoffCap, options.Random);
        _address = options.Channel.Address.ToString() ?? "";
    }

    /// <summary>Where the connection stands.</summary>
    public AdsConnectionState State => _state;

    /// <summary>Why the last stream or attempt ended; null before the first end.</summary>
    public string? LastDisconnect => _lastDisconnect;

    /// <summary>What has happened so far.</summary>
    public AdsCounters Counters => _tally.Read();

    /// <summary>The types that have been asked for, with their last NACK.</summary>
    public IReadOnlyList<AdsTypeStatus> Types => _subscriptions.Status();

    /// <summary>The names that are asked for; the same object that the consumer gets.</summary>
    public IAdsSubscriptions Subscriptions => _subscriptions;

    /// <summary>Runs until it is told to stop. Call it once.</summary>
    /// <param name="shutdown">Ends it; no exception comes of it.</param>
    public async Task RunAsync(CancellationToken shutdown)
    {
        try
        {
            while (!shutdown.IsCancellationRequested)
            {
                _state = AdsConnectionState.Connecting;
                var reason = await RunStreamAsync(shutdown);
                if (shutdown.IsCancellationRequested)
                    return;
                _lastDisconnect = reason;
                _tally.Disconnect();
                var delay = _backoff.Next();
                AdsClientLog.Disconnected(_logger, _address, reason, delay);
                _state = AdsConnectionState.BackingOff;
                await Task.Delay(delay, _options.Time, shutdown);
            }
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            _state = AdsConnectionState.Stopped;
            if (_endpointWait is not null)
                await _endpointWait.DisposeAsync();
        }
    }

    /// <returns>Why it ended.</returns>
    private async Task<string> RunStreamAsync(CancellationToken shutdown)
    {
        // A channel per stream: roots, token and client certificate may have been rotated, and the name may resolve to another istiod.
        using var channel = new GrpcChannel(_options.Channel);
        await using var call = channel.Start(AggregatedDiscovery.Delta, GrpcCallOptions.Default, shutdown);
        try
        {
            await new AdsStream(call, _subscriptions, _options.Node).RunAsync(response => HandleAsync(response, shutdown), shutdown);
            return "closed by the server";
        }
        catch (GrpcException e)
        {
            return e.Status.ToString();
        }
#pragma warning disable CA1031 // The loop is the last hop: without it there is no configuration until the process restarts.
        catch (Exception e) when (!shutdown.IsCancellationRequested)
        {
            AdsClientLog.StreamFailed(_logger, _address, e);
            return e.Message;
        }
#pragma warning restore CA1031
    }

    private async ValueTask<DeltaDiscoveryRequest?> HandleAsync(DeltaDiscoveryResponse message, CancellationToken shutdown)
    {
        if (_state != AdsConnectionState.Connected)
        {
            _state = AdsConnectionState.Connected;
            _tally.Stream();
            AdsClientLog.Connected(_logger, _address);
        }
        _tally.Response();
        if (!_subscriptions.IsSubscribed(message.TypeUrl))
        {
            _tally.Drop();
            AdsClientLog.Dropped(_logger, message.TypeUrl);
            return null;
        }
        var answer = new DeltaDiscoveryRequest { TypeUrl = message.TypeUrl, ResponseNonce = message.Nonce };
        var refusal = await ApplyAsync(message, shutdown);
        var type = XdsTypeUrls.ShortName(message.TypeUrl);
        if (refusal is null)
        {
            _tally.Ack();
            // Not before: a server that accepts connections and then sends what cannot be used must not be asked twice a second.
            _backoff.Reset();
            AdsClientLog.Accepted(_logger, type, message.SystemVersionInfo, message.Resources.Count, message.RemovedResources.Count);
            return answer;
        }
        _tally.Nack();
        AdsClientLog.Refused(_logger, type, message.SystemVersionInfo, refusal);
        answer.ErrorDetail = new Status { Code = (int)GrpcStatusCode.Internal, Message = refusal };
        return answer;
    }

    /// <returns>Null, or why the response is refused as a whole or in part.</returns>
    private async ValueTask<string?> ApplyAsync(DeltaDiscoveryResponse message, CancellationToken shutdown)
    {
        if (AdsResponseCheck.Read(message, out var problem) is not { } response)
        {
            Debug.Assert(problem is not null, "a response that cannot be used has a reason");
            _subscriptions.RecordRefused(message.TypeUrl, problem);
            return problem;
        }
        response = _subscriptions.Complete(response);
        AdsVerdict verdict;
        try
        {
            verdict = await _consumer.ApplyAsync(response, _subscriptions, shutdown);
        }
#pragma warning disable CA1031 // The hop boundary: a bug behind it must not end the stream, and must be seen at the control plane.
        catch (Exception e) when (!shutdown.IsCancellationRequested)
        {
            AdsClientLog.ApplyFailed(_logger, XdsTypeUrls.ShortName(message.TypeUrl), message.SystemVersionInfo, e);
            problem = $"internal error while applying the response: {e.GetType().Name}";
            _subscriptions.RecordRefused(message.TypeUrl, problem);
            return problem;
        }
#pragma warning restore CA1031
        if (_subscriptions.Record(response, verdict, _options.Time.GetUtcNow()))
            _endpointWait = _options.Time.CreateTimer(static client => ((AdsClient)client!).OpenListeners(), this, _options.EndpointWait, Timeout.InfiniteTimeSpan);
        return verdict.Message;
    }

    private void OpenListeners()
    {
        if (_subscriptions.OpenListeners() is { } missing)
            AdsClientLog.EndpointsMissing(_logger, missing, _options.EndpointWait);
    }
}
