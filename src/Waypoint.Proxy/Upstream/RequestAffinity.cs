using Waypoint.Model.Clusters;
using Waypoint.Model.Hashing;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Upstream;

/// <summary>Which endpoint a request belongs to, where the cluster's balancer goes by hash.</summary>
internal static class RequestAffinity
{
    /// <summary>The hash of the request by its route's policies; null if the balancer does not ask for one or nothing was found. A cookie that had to be made is left
    /// with the exchange for the answer.</summary>
    public static ulong? HashOf(HttpExchange exchange, ClusterConfig cluster, ForwardAction action)
    {
        if (action.HashPolicies.Count == 0 || cluster.LoadBalancing is not (LoadBalancingPolicy.RingHash or LoadBalancingPolicy.Maglev))
        {
            return null;
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
        return hash.Value;
    }
}
