using System.Net;

namespace Waypoint.Model.Workloads;

/// <summary>Finds the workload behind an address. Safe for many readers beside one writer; a lookup neither blocks nor allocates.</summary>
public interface IWorkloadDirectory
{
    /// <summary>The workload that owns <paramref name="address"/>, or null.</summary>
    Workload? Find(IPAddress address);
}
