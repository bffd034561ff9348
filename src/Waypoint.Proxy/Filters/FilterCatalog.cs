using Waypoint.Model.Authorization;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Filters.Cors;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Filters.Fault;
using Waypoint.Proxy.Filters.Cors;
using Waypoint.Proxy.Filters.ExtAuthz;
using Waypoint.Proxy.Filters.Fault;
using Waypoint.Proxy.Filters.Rbac;

namespace Waypoint.Proxy.Filters;

/// <summary>Which code runs for which filter configuration: one line per filter. The decoder refuses what has no line here.</summary>
internal static class FilterCatalog
{
    /// <summary>The HTTP filters of a chain, in order.</summary>
    public static IHttpFilter[] Create(FilterChain chain)
    {
        if (chain.Http is not { } http)
        {
            return [];
        }

        var filters = new IHttpFilter[http.Filters.Count];
        for (int i = 0; i < filters.Length; i++)
        {
            filters[i] = http.Filters[i] switch
            {
                RbacFilterConfig rbac => new RbacFilter(rbac),
                ExtAuthzFilterConfig authorizer => new ExtAuthzFilter(authorizer),
                FaultFilterConfig fault => new FaultFilter(fault),
                CorsFilterConfig cors => new CorsFilter(cors),
                // A configuration without code would be an open door: the chain answers nothing but 503.
                _ => new RefusingFilter(),
            };
        }

        return filters;
    }
}
