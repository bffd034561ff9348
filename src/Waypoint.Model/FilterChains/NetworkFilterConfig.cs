namespace Waypoint.Model.FilterChains;

/// <summary>A network filter of a chain that has an effect at run time (what has none is dropped by the decoder and listed as ignored).</summary>
/// <param name="Name"><c>Filter.name</c>.</param>
public abstract record NetworkFilterConfig(string Name)
{
    /// <summary>Clusters that the filter itself calls: its chain does not go live before their endpoints are known.</summary>
    public virtual IEnumerable<string> Clusters => [];
}
