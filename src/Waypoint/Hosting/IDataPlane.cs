using System.Net;
using Waypoint.Model.Snapshots;

namespace Waypoint.Hosting;

/// <summary>The proxy as the host sees it: configuration goes in, ports are opened, drained and closed.</summary>
internal interface IDataPlane : IAsyncDisposable
{
    /// <summary>Takes snapshots and endpoints, before the ports are open too.</summary>
    ISnapshotSink Sink { get; }

    /// <summary>Opens the HBONE ports. Called once, after the first snapshot and the first certificate.</summary>
    Task StartAsync(IReadOnlyList<IPEndPoint> endPoints, CancellationToken cancellation);

    /// <summary>Tells peers to go elsewhere, lets what is in flight end, and returns when all is done or the time is over.</summary>
    Task DrainAsync(TimeSpan limit, CancellationToken cancellation);
}
