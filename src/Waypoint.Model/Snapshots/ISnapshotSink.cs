using Waypoint.Model.Endpoints;

namespace Waypoint.Model.Snapshots;

/// <summary>Where the configuration side publishes. Called by one writer at a time; every call returns only after the data plane uses what it got,
/// because the acknowledgement to istiod must not be sent earlier.</summary>
public interface ISnapshotSink
{
    /// <summary>Swaps the whole snapshot.</summary>
    void Publish(ProxySnapshot snapshot);

    /// <summary>Swaps the endpoints of one cluster. <paramref name="clusterName"/> may name a cluster that the last snapshot lacks: it is then ignored.</summary>
    void PublishEndpoints(string clusterName, ClusterEndpoints endpoints);
}
