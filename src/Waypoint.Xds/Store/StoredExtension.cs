using Waypoint.Model.FilterChains;

namespace Waypoint.Xds.Store;

/// <summary>A filter that came by extension discovery.</summary>
/// <param name="TypeName">Message name of its configuration.</param>
/// <param name="Filter">The filter, or null if it has no effect.</param>
internal sealed record StoredExtension(string TypeName, HttpFilterConfig? Filter);
