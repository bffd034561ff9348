using Waypoint.Model.Workloads;

namespace Waypoint.Xds.Decoding.Workloads;

/// <summary>A workload with the addresses it is found by.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Addresses">4 or 16 bytes each, network order; none for a workload that shares its node's address or has a host name only.</param>
internal sealed record WorkloadAddresses(Workload Workload, IReadOnlyList<byte[]> Addresses);
