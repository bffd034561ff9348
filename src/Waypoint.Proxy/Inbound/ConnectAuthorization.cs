using Waypoint.Hbone.Terminate;
using Waypoint.Model.Authorization;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Inbound;

/// <summary>Authorization below HTTP: of the CONNECT itself, and of opaque connections by the network filters of their chain.</summary>
internal static class ConnectAuthorization
{
    /// <summary>False if a filter of <c>connect_terminate</c> denies the CONNECT; <paramref name="details"/> then names the policy.</summary>
    public static bool Allows(IReadOnlyList<RbacFilterConfig> filters, ConnectRequest request, TunnelFilterState state, out string? details)
    {
        for (int i = 0; i < filters.Count; i++)
        {
            RbacFilterVerdict verdict = filters[i].Rules.Evaluate(new TunnelAuthorizationView(request, state));
            if (!verdict.Allowed)
            {
                details = verdict.DeniedDetails;
                return false;
            }
        }

        details = null;
        return true;
    }

    /// <summary>False if a network filter of <paramref name="chain"/> denies the connection; a filter without code denies everybody.</summary>
    public static bool Allows(FilterChain chain, ConnectRequest request, TunnelFilterState state, out string? details)
    {
        for (int i = 0; i < chain.NetworkFilters.Count; i++)
        {
            if (chain.NetworkFilters[i] is SniForwardFilterConfig)
            {
                // Says where to, not whether.
                continue;
            }

            if (chain.NetworkFilters[i] is not NetworkRbacFilterConfig rbac)
            {
                details = $"network filter {chain.NetworkFilters[i].Name} is not implemented";
                return false;
            }

            RbacFilterVerdict verdict = rbac.Rules.Evaluate(new TunnelAuthorizationView(request, state));
            if (!verdict.Allowed)
            {
                details = verdict.DeniedDetails;
                return false;
            }
        }

        details = null;
        return true;
    }
}
