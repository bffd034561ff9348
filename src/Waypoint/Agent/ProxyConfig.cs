using System.Text.Json.Nodes;

namespace Waypoint.Agent;

/// <summary>The effective <c>istio.mesh.v1alpha1.ProxyConfig</c>: defaults, then the environment, then the pod's annotations. Immutable after construction.</summary>
/// <param name="Document">All fields, known to us or not, as the JSON that goes into the node metadata.</param>
internal sealed record ProxyConfig(JsonObject Document)
{
    /// <summary>Part of the agent's defaults: a service cluster of this name means that nobody chose one.</summary>
    public const string DefaultServiceCluster = "istio-proxy";

    /// <summary><c>discovery_address</c>: host and port of istiod.</summary>
    public required string DiscoveryAddress { get; init; }

    /// <summary><c>control_plane_auth_policy</c> is NONE: discovery in plain text.</summary>
    public required bool PlainTextDiscovery { get; init; }

    /// <summary><c>termination_drain_duration</c>: time from SIGTERM to the end; default 5 s.</summary>
    public required TimeSpan TerminationDrain { get; init; }

    /// <summary><c>service_cluster</c>.</summary>
    public required string ServiceCluster { get; init; }

    /// <summary><c>proxy_metadata</c>: variables that the user adds to the environment.</summary>
    public required IReadOnlyDictionary<string, string> ProxyMetadata { get; init; }
}
