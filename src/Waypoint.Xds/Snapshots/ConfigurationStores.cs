using Waypoint.Model.Clusters;
using Waypoint.Model.Routes;
using Waypoint.Xds.Store;

namespace Waypoint.Xds.Snapshots;

/// <summary>Everything that istiod sent and we hold, by type.</summary>
internal sealed class ConfigurationStores
{
    /// <summary>CDS.</summary>
    public ClusterStore Clusters { get; } = new();

    /// <summary>EDS.</summary>
    public EndpointStore Endpoints { get; } = new();

    /// <summary>LDS: <c>main_internal</c>.</summary>
    public MainListenerStore MainListener { get; } = new();

    /// <summary>LDS: the others.</summary>
    public FixedListenerStore Listeners { get; } = new();

    /// <summary>RDS.</summary>
    public LastGood<RouteTable> Routes { get; } = new();

    /// <summary>SDS over ADS.</summary>
    public LastGood<TlsSecret> Secrets { get; } = new();

    /// <summary>ECDS.</summary>
    public LastGood<StoredExtension> Extensions { get; } = new();
}
