using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Authorization;

/// <summary><c>envoy.extensions.filters.network.rbac.v3.RBAC</c> on a TCP chain: evaluated when the client's first bytes arrive, so that a server-first protocol is
/// checked only once the client speaks; a denial closes the connection.</summary>
/// <param name="Name"><c>Filter.name</c>.</param>
/// <param name="Rules">What is enforced and observed.</param>
/// <param name="StatPrefix"><c>stat_prefix</c>; istiod sends <c>tcp.</c>.</param>
/// <param name="Continuous"><c>enforcement_type</c> is CONTINUOUS: evaluated again whenever bytes arrive.</param>
public sealed record NetworkRbacFilterConfig(string Name, RbacRules Rules, string StatPrefix, bool Continuous) : NetworkFilterConfig(Name)
{
    /// <summary>Namespace of the dynamic metadata that the filter writes.</summary>
    public const string MetadataNamespace = "envoy.filters.network.rbac";
}
