using Waypoint.Hbone.Terminate;
using Waypoint.Model.Authorization;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Inbound;

/// <summary>Authorization of the CONNECT itself (layered policies in <c>connect_terminate</c>).</summary>
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
}
