using Waypoint.Model.Authorization;
using Waypoint.Model.Failures;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.Rbac;

/// <summary>Enforces RBAC rules on a request (<c>envoy.filters.http.rbac</c>). The decision is the model's; this only asks and answers.</summary>
internal sealed class RbacFilter(RbacFilterConfig config) : IHttpFilter
{
    public ValueTask<bool> ApplyAsync(HttpExchange exchange)
    {
        RbacRules rules = exchange.FilterConfig(config.Name) switch
        {
            RbacRouteConfig perRoute => perRoute.Rules,
            { Disabled: true } => RbacRules.None,
            _ => config.Rules,
        };
        RbacFilterVerdict verdict = rules.Evaluate(new ExchangeAuthorizationView(exchange));
        RbacMetadata.Write(exchange.Metadata, RbacFilterConfig.MetadataNamespace, rules, verdict);
        return verdict.Allowed ? new(true) : DenyAsync(exchange, verdict.DeniedDetails);
    }

    private static async ValueTask<bool> DenyAsync(HttpExchange exchange, string details)
    {
        exchange.Details = details;
        await LocalReply.FailAsync(exchange, FailureReason.AccessDenied).ConfigureAwait(false);
        return false;
    }
}
