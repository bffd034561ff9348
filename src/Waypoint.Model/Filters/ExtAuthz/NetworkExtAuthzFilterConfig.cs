using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>Asks an outside service whether an opaque connection may pass (<c>envoy.extensions.filters.network.ext_authz.v3.ExtAuthz</c>). Immutable.</summary>
/// <param name="Name"><c>Filter.name</c>.</param>
/// <param name="Service">Who is asked.</param>
/// <param name="FailureModeAllow"><c>failure_mode_allow</c>: a connection passes when the service cannot be asked.</param>
/// <param name="EnabledMetadata"><c>filter_enabled_metadata</c>: only connections with such metadata are checked; null: all.</param>
public sealed record NetworkExtAuthzFilterConfig(string Name, GrpcAuthorizerService Service, bool FailureModeAllow, MetadataMatcher? EnabledMetadata) : NetworkFilterConfig(Name)
{
    /// <summary>Namespace of the dynamic metadata that the service's answer leaves.</summary>
    public const string MetadataNamespace = "envoy.filters.network.ext_authz";

    /// <inheritdoc/>
    public override IEnumerable<string> Clusters => [Service.Cluster];
}
