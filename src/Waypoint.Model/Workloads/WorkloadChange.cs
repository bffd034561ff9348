using System.Net;

namespace Waypoint.Model.Workloads;

/// <summary>An address that no longer belongs to whom it did.</summary>
/// <param name="Address">The address.</param>
/// <param name="Before">Who had it.</param>
/// <param name="After">Who has it now, another workload or the same with another identity; null: nobody.</param>
public readonly record struct WorkloadChange(IPAddress Address, Workload Before, Workload? After);
