using Waypoint.Agent;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Snapshots;

namespace Waypoint.Hosting;

/// <summary>Passes snapshots on to the data plane, after it has told the TLS side which trust domains they accept: a tunnel must never be judged by a newer listener than its
/// handshake.</summary>
internal sealed class HostSink(ISnapshotSink dataPlane, IdentityPublisher identity) : ISnapshotSink
{
    public void Publish(ProxySnapshot snapshot)
    {
        if (snapshot.Termination is { } termination)
            identity.Accept(termination.TrustDomains);
        dataPlane.Publish(snapshot);
    }

    public void PublishEndpoints(string clusterName, ClusterEndpoints endpoints) => dataPlane.PublishEndpoints(clusterName, endpoints);
}
