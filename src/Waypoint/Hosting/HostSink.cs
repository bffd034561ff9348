using System.Diagnostics;
using Waypoint.Agent;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Snapshots;

namespace Waypoint.Hosting;

/// <summary>Passes snapshots on to the data plane, after it has told the TLS side which trust domains they accept: a tunnel must never be judged by a newer listener than its
/// handshake. Notes the first snapshot with which 15008 may be opened.</summary>
internal sealed class HostSink(IdentityPublisher identity, Readiness readiness) : ISnapshotSink
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ISnapshotSink? _dataPlane;

    /// <summary>Completes when the data plane has its first listeners.</summary>
    public Task FirstListeners => _first.Task;

    /// <summary>Names the data plane, which needs the configuration side's workloads before it can exist itself. Once, before anything is published.</summary>
    public void LeadTo(ISnapshotSink dataPlane) => _dataPlane = dataPlane;

    public void Publish(ProxySnapshot snapshot)
    {
        Debug.Assert(_dataPlane is not null, "published before the data plane exists");
        if (snapshot.Termination is { } termination)
            identity.Accept(termination.TrustDomains);
        _dataPlane?.Publish(snapshot);
        if (snapshot.Termination is not null && _first.TrySetResult())
            readiness.ConfigurationApplied();
    }

    public void PublishEndpoints(string clusterName, ClusterEndpoints endpoints) => _dataPlane?.PublishEndpoints(clusterName, endpoints);
}
