namespace Waypoint.Model.Workloads;

/// <summary>One workload of the mesh (<c>istio.workload.Workload</c>): the identity and the labels behind an address.</summary>
public sealed record Workload
{
    /// <summary><c>uid</c>: the resource name.</summary>
    public required string Uid { get; init; }

    /// <summary><c>name</c>: the instance (pod).</summary>
    public string Name { get; init; } = "";

    /// <summary><c>workload_name</c>: the owner, for example the Deployment.</summary>
    public string WorkloadName { get; init; } = "";

    /// <summary><c>namespace</c>.</summary>
    public string Namespace { get; init; } = "";

    /// <summary><c>service_account</c>; empty means <c>default</c>.</summary>
    public string ServiceAccount { get; init; } = "";

    /// <summary><c>trust_domain</c>; empty means <c>cluster.local</c>.</summary>
    public string TrustDomain { get; init; } = "";

    /// <summary><c>canonical_name</c>.</summary>
    public string CanonicalName { get; init; } = "";

    /// <summary><c>canonical_revision</c>.</summary>
    public string CanonicalRevision { get; init; } = "";

    /// <summary><c>cluster_id</c>.</summary>
    public string ClusterId { get; init; } = "";

    /// <summary><c>locality.region</c>.</summary>
    public string Region { get; init; } = "";

    /// <summary><c>locality.zone</c>.</summary>
    public string Zone { get; init; } = "";

    /// <summary><c>network_mode</c> HOST_NETWORK: shares its node's address with others and is not found by address.</summary>
    public bool HostNetwork { get; init; }
}
