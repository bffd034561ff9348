using Waypoint.Hbone.Terminate;
using Waypoint.Model.Authorization;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Requests;
using Waypoint.Proxy.Filters.ExtAuthz;
using Waypoint.Proxy.Filters.Rbac;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Inbound;

/// <summary>Asks the network filters of a chain about an opaque connection, in order. Nothing they look at comes from the connection's bytes, so the answer is there before
/// the first of them; see <see cref="TcpProxy"/> for when it takes effect.</summary>
internal static class TcpAuthorization
{
    private const string AuthorizerDenied = "ext_authz_denied";
    private const string AuthorizerFailed = "ext_authz_error";

    public static ValueTask<TcpVerdict> DecideAsync(
        FilterChain chain, ConnectRequest request, TunnelContext context, RuntimeSnapshot snapshot, TimeProvider time, CancellationToken cancellation)
    {
        if (chain.NetworkFilters.Count == 0)
        {
            return new(TcpVerdict.Allowed);
        }

        var metadata = new DynamicMetadata();
        for (int i = 0; i < chain.NetworkFilters.Count; i++)
        {
            if (chain.NetworkFilters[i] is NetworkExtAuthzFilterConfig)
            {
                return DecideWithServicesAsync(chain, i, request, context, metadata, snapshot, time, cancellation);
            }

            TcpVerdict verdict = Decide(chain.NetworkFilters[i], request, context, metadata);
            if (!verdict.IsAllowed)
            {
                return new(verdict);
            }
        }

        return new(TcpVerdict.Allowed);
    }

    private static async ValueTask<TcpVerdict> DecideWithServicesAsync(
        FilterChain chain, int first, ConnectRequest request, TunnelContext context, DynamicMetadata metadata, RuntimeSnapshot snapshot, TimeProvider time, CancellationToken cancellation)
    {
        for (int i = first; i < chain.NetworkFilters.Count; i++)
        {
            TcpVerdict verdict = chain.NetworkFilters[i] is NetworkExtAuthzFilterConfig authorizer
                ? await AskAsync(authorizer, context, metadata, snapshot, time, cancellation).ConfigureAwait(false)
                : Decide(chain.NetworkFilters[i], request, context, metadata);
            if (!verdict.IsAllowed)
            {
                return verdict;
            }
        }

        return TcpVerdict.Allowed;
    }

    private static TcpVerdict Decide(NetworkFilterConfig filter, ConnectRequest request, TunnelContext context, DynamicMetadata metadata)
    {
        if (filter is SniForwardFilterConfig)
        {
            // Says where to, not whether.
            return TcpVerdict.Allowed;
        }

        if (filter is not NetworkRbacFilterConfig rbac)
        {
            return new TcpVerdict(FailureReason.AccessDenied, $"network filter {filter.Name} is not implemented");
        }

        RbacFilterVerdict verdict = rbac.Rules.Evaluate(new TunnelAuthorizationView(request, context.State, metadata));
        RbacMetadata.Write(metadata, NetworkRbacFilterConfig.MetadataNamespace, rbac.Rules, verdict);
        return verdict.Allowed ? TcpVerdict.Allowed : new TcpVerdict(FailureReason.AccessDenied, verdict.DeniedDetails);
    }

    private static async ValueTask<TcpVerdict> AskAsync(
        NetworkExtAuthzFilterConfig filter, TunnelContext context, DynamicMetadata metadata, RuntimeSnapshot snapshot, TimeProvider time, CancellationToken cancellation)
    {
        if (filter.EnabledMetadata?.Matches(metadata) == false)
        {
            return TcpVerdict.Allowed;
        }

        CheckAnswer answer = await ConnectionAuthorizer.AskAsync(filter, context, metadata, snapshot, time, cancellation).ConfigureAwait(false);
        return answer.Outcome switch
        {
            CheckOutcome.Allowed => TcpVerdict.Allowed,
            CheckOutcome.Failed when filter.FailureModeAllow => TcpVerdict.Allowed,
            CheckOutcome.Denied => new TcpVerdict(FailureReason.AuthorizerDenied, AuthorizerDenied),
            _ => new TcpVerdict(FailureReason.AuthorizerFailed, AuthorizerFailed),
        };
    }
}
