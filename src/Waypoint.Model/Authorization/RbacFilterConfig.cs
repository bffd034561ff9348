using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Authorization;

/// <summary><c>envoy.extensions.filters.http.rbac.v3.RBAC</c> on a chain. A chain may have several, all of one name; they share the metadata namespace of that name.</summary>
/// <param name="Name"><c>HttpFilter.name</c>.</param>
/// <param name="Rules">What is enforced and observed.</param>
public sealed record RbacFilterConfig(string Name, RbacRules Rules) : HttpFilterConfig(Name)
{
    /// <summary>Namespace of the dynamic metadata that the filter writes.</summary>
    public const string MetadataNamespace = "envoy.filters.http.rbac";

    /// <summary>Body of a denial.</summary>
    public const string DeniedBody = "RBAC: access denied";
}
