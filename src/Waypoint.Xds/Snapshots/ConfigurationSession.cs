using Microsoft.Extensions.Logging;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Snapshots;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Store;

namespace Waypoint.Xds.Snapshots;

/// <summary>The configuration side as the ADS client sees it: takes responses, keeps the last good version of everything, publishes snapshots and endpoints, asks for what is
/// referred to by name, and says what could not be accepted. Every call returns after the data plane uses the result.</summary>
public sealed class ConfigurationSession : IAdsConsumer, IDisposable
{
    /// <summary>How long a new listener waits for endpoints before it goes live without them; istiod answers every name, so only a lost answer takes so long.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly ConfigurationStores _stores = new();
    private readonly IgnoredFields _ignored = new();
    private readonly SnapshotBuilder _builder;
    private readonly ISnapshotSink _sink;
    private readonly WorkloadStore _workloads;
    private readonly ILogger<ConfigurationSession> _logger;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _configured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _haveClusters;
    private bool _haveListener;
    private bool _timerRuns;

    /// <summary>Starts without any configuration.</summary>
    /// <param name="sink">Where snapshots and endpoints go.</param>
    /// <param name="workloads">Filled from WDS.</param>
    /// <param name="time">For the limit on waiting.</param>
    /// <param name="logger">Refusals are logged here with every response that carries them, ignored fields once.</param>
    public ConfigurationSession(ISnapshotSink sink, WorkloadStore workloads, TimeProvider time, ILogger<ConfigurationSession> logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        _sink = sink;
        _workloads = workloads;
        _logger = logger;
        _builder = new SnapshotBuilder(_stores, sink);
        _timer = time.CreateTimer(static state => ((ConfigurationSession)state!).WaitedLongEnough(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes once clusters and listeners have each been taken and the first listener is live: the condition for readiness.</summary>
    public Task Configured => _configured.Task;

    /// <summary>Fields that were sent and have no effect, with the subject they were first seen in, for the admin page.</summary>
    public IReadOnlyList<(IgnoredField Field, string FirstSeenIn)> Ignored
    {
        get
        {
            lock (_lock)
                return [.. _ignored.All.Select(static i => (i.Key, i.Value))];
        }
    }

    /// <summary>Filter chains that were decoded since the start; the rest of every push was unchanged.</summary>
    internal long DecodedChains => _stores.MainListener.DecodedChains;

    /// <inheritdoc/>
    public ValueTask<AdsVerdict> ApplyAsync(AdsResponse response, IAdsSubscriptions subscriptions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(subscriptions);
        var refusals = new Refusals();
        lock (_lock)
            Apply_Locked(response, subscriptions, refusals);

        string type = XdsTypeUrls.ShortName(response.TypeUrl);
        foreach (string message in refusals.Messages)
            ConfigurationSessionLog.Refused(_logger, type, message);
        return ValueTask.FromResult(refusals.ToVerdict());
    }

    /// <summary>Stops waiting. What is published stays.</summary>
    public void Dispose() => _timer.Dispose();

    private void Apply_Locked(AdsResponse response, IAdsSubscriptions subscriptions, Refusals refusals)
    {
        switch (response.TypeUrl)
        {
            case XdsTypeUrls.Cluster:
                ApplyClusters_Locked(response, subscriptions, refusals);
                break;
            case XdsTypeUrls.ClusterLoadAssignment:
                _stores.Endpoints.Apply(response, _stores.Clusters, refusals, Note_Locked, PublishEndpoints_Locked);
                // Endpoints are no part of the snapshot: they only matter to a listener that waits for them, and to look at every chain costs with the size of the mesh.
                if (_builder.WaitingFor.Count > 0)
                    Update_Locked(force: false);
                break;
            case XdsTypeUrls.Listener:
                ApplyListeners_Locked(response, subscriptions, refusals);
                break;
            case XdsTypeUrls.RouteConfiguration:
                NamedResources.Apply(response, _stores.Routes, ResourceDecoder.RouteTable, refusals, Note_Locked);
                Update_Locked(force: false);
                break;
            case XdsTypeUrls.TypedExtensionConfig:
                NamedResources.Apply(response, _stores.Extensions, ResourceDecoder.Extension, refusals, Note_Locked);
                Update_Locked(force: false);
                break;
            case XdsTypeUrls.Secret:
                NamedResources.Apply(response, _stores.Secrets, ResourceDecoder.Secret, refusals, Note_Locked);
                _builder.SecretsChanged();
                Update_Locked(force: false);
                break;
            case XdsTypeUrls.Workload:
                _workloads.Apply(response, refusals, Note_Locked);
                break;
            default:
                refusals.Add(response.TypeUrl, $"type '{response.TypeUrl}' is not one that a waypoint reads");
                break;
        }
    }

    private void ApplyClusters_Locked(AdsResponse response, IAdsSubscriptions subscriptions, Refusals refusals)
    {
        _haveClusters = true;
        string[] before = [.. _stores.Clusters.ServiceNames];
        if (!_stores.Clusters.Apply(response, refusals, Note_Locked))
        {
            Update_Locked(force: false);
            return;
        }

        NamedResources.Follow(XdsTypeUrls.Secret, _stores.Clusters.SecretNames(), _stores.Secrets, subscriptions);
        string[] gone = [.. before.Where(name => !_stores.Clusters.HasService(name))];
        string[] added = [.. _stores.Clusters.ServiceNames.Except(before)];
        foreach (string name in gone)
            _stores.Endpoints.Forget(name);
        Update_Locked(force: false);
        // A cluster that is new or was renamed may share its endpoints with one that is known; whoever has them already does not notice.
        foreach (string service in _stores.Clusters.ServiceNames)
        {
            if (_stores.Endpoints.Find(service) is { } endpoints && _stores.Clusters.ClustersOf(service).Count > 1)
                PublishEndpoints_Locked(service, endpoints);
        }

        if (gone.Length > 0)
            subscriptions.Remove(XdsTypeUrls.ClusterLoadAssignment, gone);
        if (added.Length > 0)
            subscriptions.Add(XdsTypeUrls.ClusterLoadAssignment, added);
    }

    private void ApplyListeners_Locked(AdsResponse response, IAdsSubscriptions subscriptions, Refusals refusals)
    {
        foreach (AdsResource resource in response.Resources)
        {
            if (resource.Name == FixedNames.MainInternal)
            {
                _haveListener = true;
                _stores.MainListener.Apply(resource.Value, refusals, Note_Locked);
            }
            else
            {
                _stores.Listeners.Apply(resource, refusals, Note_Locked);
            }
        }

        foreach (string name in response.RemovedNames)
        {
            if (name == FixedNames.MainInternal)
                _stores.MainListener.Clear();
            else
                _stores.Listeners.Remove(name);
        }

        Follow_Locked(subscriptions);
        Update_Locked(force: false);
    }

    private void Follow_Locked(IAdsSubscriptions subscriptions)
    {
        var routes = new HashSet<string>(StringComparer.Ordinal);
        var extensions = new HashSet<string>(StringComparer.Ordinal);
        foreach (ChainSet.Version version in _stores.MainListener.Current.Chains.Values)
        {
            if (version.Good is not { } chain)
                continue;
            if (chain.RouteConfigName is { } table)
                routes.Add(table);
            extensions.UnionWith(chain.Extensions);
        }

        NamedResources.Follow(XdsTypeUrls.RouteConfiguration, routes, _stores.Routes, subscriptions);
        NamedResources.Follow(XdsTypeUrls.TypedExtensionConfig, extensions, _stores.Extensions, subscriptions);
    }

    private void PublishEndpoints_Locked(string serviceName, ClusterEndpoints endpoints)
    {
        foreach (string cluster in _stores.Clusters.ClustersOf(serviceName))
            _sink.PublishEndpoints(cluster, endpoints);
    }

    private void Update_Locked(bool force)
    {
        _builder.Update(force);
        bool wait = _builder.WaitingFor.Count > 0 || _builder.HasLingeringClusters;
        if (wait != _timerRuns)
        {
            _timer.Change(wait ? MaxWait : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timerRuns = wait;
        }

        if (_haveClusters && _haveListener && _builder.WaitingFor.Count == 0 && _stores.Listeners.Termination is not null)
            _configured.TrySetResult();
    }

    private void WaitedLongEnough()
    {
        lock (_lock)
        {
            _timerRuns = false;
            if (_builder.WaitingFor.Count > 0)
                ConfigurationSessionLog.WaitedTooLong(_logger, string.Join(", ", _builder.WaitingFor.Take(10)), _builder.WaitingFor.Count);
            Update_Locked(force: true);
        }
    }

    private void Note_Locked(DecodeContext context)
    {
        foreach (IgnoredField field in _ignored.Add(context))
            ConfigurationSessionLog.Ignored(_logger, context.Subject, field.FieldPath, field.Reason);
    }
}
