using System.Net;

namespace Waypoint.Model.Workloads;

/// <summary>Finds the workload behind an address. Safe for many readers beside one writer; a lookup neither blocks nor allocates.</summary>
public interface IWorkloadDirectory
{
    /// <summary>Raised on the writer's thread, after the fact, when an address changes hands or is given up.</summary>
    event Action<WorkloadChange>? Changed;

    /// <summary>The workload that owns <paramref name="address"/>, or null.</summary>
    Workload? Find(IPAddress address);
}
