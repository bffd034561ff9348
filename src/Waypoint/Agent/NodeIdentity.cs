using System.Text.Json.Nodes;

namespace Waypoint.Agent;

/// <summary>Who we are towards istiod (<c>envoy.config.core.v3.Node</c>) and in the mesh.</summary>
internal sealed record NodeIdentity
{
    /// <summary><c>waypoint~IP~POD.NAMESPACE~DOMAIN</c>: the first part decides what istiod generates.</summary>
    public required string Id { get; init; }

    /// <summary>Service name in traces.</summary>
    public required string Cluster { get; init; }

    /// <summary>The metadata object.</summary>
    public required JsonObject Metadata { get; init; }

    /// <summary>Metadata CLUSTER_ID, which is also a header of every call to istiod; null when it is not set.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The identity that the certificate is requested for.</summary>
    public required string Principal { get; init; }
}
