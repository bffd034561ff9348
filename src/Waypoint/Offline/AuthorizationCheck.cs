using Waypoint.Model.Authorization;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Matching;
using Waypoint.Model.Paths;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Model.Snapshots;

namespace Waypoint.Offline;

/// <summary>Asks a configuration whether a request may pass, in the order in which a proxy does: the CONNECT, the chain, the path, the route, the filters.</summary>
internal sealed class AuthorizationCheck(ProxySnapshot snapshot, AuthorizationQuestion question)
{
    private const string JwtNamespace = "envoy.filters.http.jwt_authn";

    private readonly DynamicMetadata _metadata = new();
    private readonly List<FilterFinding> _findings = [];
    private FilterChain? _chain;
    private Route? _route;
    private string? _path;
    private bool _asked;

    /// <summary>The answer.</summary>
    public AuthorizationAnswer Run()
    {
        if (question.Claims is { } claims)
            _metadata.Set(JwtNamespace, "payload", claims);
        if (snapshot.Termination is not { RefusedBecause: null } termination)
            return Answer(AuthorizationOutcome.Denied, snapshot.Termination?.RefusedBecause ?? "the configuration has no listener for tunnels");
        foreach (RbacFilterConfig filter in termination.ConnectAuthorization)
        {
            if (!Passes(filter.Name + " of connect_terminate", filter.Rules, RbacFilterConfig.MetadataNamespace, isTunnel: true, out string details))
                return Answer(AuthorizationOutcome.Denied, details);
        }

        _chain = FindChain();
        if (_chain is null)
            return Answer(AuthorizationOutcome.Denied, "no filter chain serves the destination");
        if (_chain.RefusedBecause is { } refused)
            return Answer(AuthorizationOutcome.Denied, refused);
        string? denied = _chain.Http is { } http ? AskHttp(http) : AskTcp(_chain);
        if (denied is not null)
            return Answer(AuthorizationOutcome.Denied, denied);
        return Answer(_asked ? AuthorizationOutcome.Asked : AuthorizationOutcome.Allowed, _asked ? "an authorization service decides" : "no filter refuses it");
    }

    private FilterChain? FindChain()
    {
        if (question.Service is { } service)
        {
            string kind = question.IsTcp ? "tcp" : "http";
            return snapshot.FilterChains.Chains.GetValueOrDefault($"inbound-vip|{question.Port}|{kind}|{service}");
        }

        var query = new FilterChainQuery { DestinationAddress = question.Destination, DestinationPort = question.Port, Authority = $"{question.Destination}:{question.Port}" };
        FilterChainMatch match = snapshot.FilterChains.Match(query);
        return match.Outcome == FilterChainOutcome.NeedsProtocol
            ? snapshot.FilterChains.Match(query with { Protocol = question.IsTcp ? ApplicationProtocol.Unknown : ApplicationProtocol.Http11 }).Chain
            : match.Chain;
    }

    /// <summary>Null, or the details of the refusal.</summary>
    private string? AskHttp(HttpConnectionConfig http)
    {
        PathNormalizationResult normal = PathNormalizer.Normalize(question.Path, PathNormalizationSettings.Of(http) with { StripFragment = true });
        if (normal.Action == PathNormalizationAction.Reject)
            return "path_normalization_failed";
        _path = normal.Path;
        _route = http.Routes?.Match(new RouteQuery<QuestionView>
        {
            Headers = View(isTunnel: false),
            Method = question.Method,
            Scheme = "http",
            Authority = question.Host,
            Path = _path,
            Metadata = _metadata,
        }).Route;
        foreach (HttpFilterConfig filter in http.Filters)
        {
            HttpFilterRouteConfig? own = _route?.FilterConfigs.GetValueOrDefault(filter.Name);
            switch (filter)
            {
                case RbacFilterConfig rbac:
                    RbacRules rules = own switch { RbacRouteConfig perRoute => perRoute.Rules, { Disabled: true } => RbacRules.None, _ => rbac.Rules };
                    if (!Passes(rbac.Name, rules, RbacFilterConfig.MetadataNamespace, isTunnel: false, out string details))
                        return details;
                    break;
                case ExtAuthzFilterConfig authorizer:
                    if (own is not { Disabled: true })
                        Ask(authorizer.Name, authorizer.Service, authorizer.Checks(_metadata, randomValue: 0), authorizer.FailureModeAllow);
                    break;
            }
        }

        return null;
    }

    private string? AskTcp(FilterChain chain)
    {
        foreach (NetworkFilterConfig filter in chain.NetworkFilters)
        {
            switch (filter)
            {
                case NetworkRbacFilterConfig rbac:
                    if (!Passes(rbac.Name, rbac.Rules, NetworkRbacFilterConfig.MetadataNamespace, isTunnel: true, out string details))
                        return details;
                    break;
                case NetworkExtAuthzFilterConfig authorizer:
                    Ask(authorizer.Name, authorizer.Service, authorizer.EnabledMetadata?.Matches(_metadata) ?? true, authorizer.FailureModeAllow);
                    break;
                default:
                    return $"network filter {filter.Name} is not implemented";
            }
        }

        return null;
    }

    private bool Passes(string name, RbacRules rules, string metadataNamespace, bool isTunnel, out string details)
    {
        QuestionView view = View(isTunnel);
        RbacFilterVerdict verdict = rules.Evaluate(view);
        if (verdict.Shadow is { } shadow)
        {
            Note(metadataNamespace, rules.ShadowResultKey, rules.ShadowPolicyKey, shadow);
            _findings.Add(Finding(name, rules.Shadow!, "shadow ", shadow, view) with { Passes = true, Note = rules.ShadowPrefix });
        }

        if (verdict.Enforced is { } enforced)
        {
            Note(metadataNamespace, rules.EnforcedResultKey, rules.EnforcedPolicyKey, enforced);
            _findings.Add(Finding(name, rules.Enforced!, "", enforced, view));
        }

        details = verdict.DeniedDetails;
        return verdict.Allowed;
    }

    private static FilterFinding Finding(string name, RbacEngine engine, string prefix, RbacVerdict verdict, QuestionView view) => engine.Policies is { } policies
        ? new FilterFinding(name, prefix + policies.Action.ToString().ToUpperInvariant(), verdict.Allowed, verdict.Policy, RuleExplainer.Explain(policies, view))
        : new FilterFinding(name, prefix + "matcher tree", verdict.Allowed, verdict.Policy, []);

    private void Ask(string name, AuthorizerService service, bool asks, bool failsOpen)
    {
        _asked |= asks;
        string note = asks
            ? $"{service.Cluster} is asked; if it cannot be, the request {(failsOpen ? "passes" : "is refused")}"
            : "not asked: no CUSTOM policy fits";
        _findings.Add(new FilterFinding(name, "ask", true, null, [], note));
    }

    private void Note(string filter, string resultKey, string policyKey, RbacVerdict verdict)
    {
        _metadata.Set(filter, resultKey, MetadataValue.Of(verdict.Allowed ? RbacRules.AllowedText : RbacRules.DeniedText));
        if (verdict.Policy is { } policy)
            _metadata.Set(filter, policyKey, MetadataValue.Of(policy));
    }

    private QuestionView View(bool isTunnel) => new(question, _path ?? question.Path, _metadata, _route?.Metadata, isTunnel);

    private AuthorizationAnswer Answer(AuthorizationOutcome outcome, string reason) => new(outcome, reason, _chain?.Name, _route?.Name, _path, _findings);
}
