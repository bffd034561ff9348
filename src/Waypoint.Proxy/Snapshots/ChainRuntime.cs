using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Filters;

namespace Waypoint.Proxy.Snapshots;

/// <summary>A filter chain with the filters made from its configuration. Immutable; reused as long as the chain is the same object.</summary>
/// <param name="Chain">The configuration.</param>
/// <param name="Filters">HTTP filters in order, without the router.</param>
internal sealed record ChainRuntime(FilterChain Chain, IHttpFilter[] Filters);
