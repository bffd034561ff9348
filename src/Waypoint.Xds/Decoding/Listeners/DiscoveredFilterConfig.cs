using Waypoint.Model.FilterChains;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>Stands in a decoded chain for a filter whose configuration comes by extension discovery (<c>HttpFilter.config_discovery</c>); it is replaced before the chain is published.</summary>
/// <param name="Name"><c>HttpFilter.name</c>, which is also the name to subscribe to.</param>
/// <param name="AcceptedTypes">Message names of <c>type_urls</c>.</param>
internal sealed record DiscoveredFilterConfig(string Name, IReadOnlyList<string> AcceptedTypes) : HttpFilterConfig(Name);
