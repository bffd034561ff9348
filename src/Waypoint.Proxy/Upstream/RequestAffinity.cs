using System.Runtime.InteropServices;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Hashing;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Upstream;

/// <summary>Which endpoints of a cluster a request belongs to.</summary>
/// <param name="Hash">For balancers that go by it; null: none, they draw at random.</param>
/// <param name="Subset">Labels that the route asks for; null: none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestAffinity(ulong? Hash, SubsetLabels? Subset)
{
    /// <summary>The affinity of a request by its route. A cookie that had to be made for it is left with the exchange for the answer.</summary>
    public static RequestAffinity Of(HttpExchange exchange, ClusterConfig cluster, ForwardAction action)
    {
        SubsetLabels? subset = cluster.Subsets is null ? null : exchange.Choice.Entry?.SubsetLabels ?? action.SubsetLabels;
        if (action.HashPolicies.Count == 0 || cluster.LoadBalancing is not (LoadBalancingPolicy.RingHash or LoadBalancingPolicy.Maglev))
        {
            return new RequestAffinity(null, subset);
        }

        RequestHash hash = RequestHasher.Compute(action.HashPolicies, new RequestHashInput<RequestHeaderView>
        {
            Headers = new RequestHeaderView(exchange),
            Path = exchange.Path,
            Source = ForwardedClient.AddressOf(exchange),
            State = exchange.Tunnel.State,
            CookieSeed = exchange.Tunnel.CookieSeed,
        });
        exchange.NewCookies = hash.Cookies;
        return new RequestAffinity(hash.Value, subset);
    }
}
