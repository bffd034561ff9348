namespace Waypoint.Model.FilterChains;

/// <summary>An HTTP filter of a chain that has an effect at run time (what has none is dropped by the decoder and listed as ignored).</summary>
/// <param name="Name"><c>HttpFilter.name</c>: also the key of <c>typed_per_filter_config</c>. Several filters may bear one name (RBAC does).</param>
public abstract record HttpFilterConfig(string Name)
{
    /// <summary>Clusters that the filter itself calls: its chain does not go live before their endpoints are known.</summary>
    public virtual IEnumerable<string> Clusters => [];
}
