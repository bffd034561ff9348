using System.Globalization;

namespace Waypoint.Model.Authorization;

/// <summary>Says in words why policies decide as they do. For tools: it asks the same evaluator as the request path, once per predicate, and allocates.</summary>
public static class RuleExplainer
{
    /// <summary>Every policy of a set, in the order of evaluation.</summary>
    public static IReadOnlyList<PolicyExplanation> Explain<TContext>(RbacPolicySet policies, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        var explanations = new List<PolicyExplanation>(policies.Policies.Length);
        foreach (RbacPolicy policy in policies.Policies)
        {
            RuleExplanation permission = Explain(policy.Permission, in context);
            RuleExplanation principal = Explain(policy.Principal, in context);
            bool? condition = policy.Condition is null ? null : ConditionEvaluator.Holds(policy.Condition, in context);
            explanations.Add(new PolicyExplanation(policy.Name, policy.Matches(in context), permission, principal, condition));
        }

        return explanations;
    }

    /// <summary>One rule.</summary>
    public static RuleExplanation Explain<TContext>(AuthorizationRule rule, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        switch (rule)
        {
            case AuthorizationRule.All all:
                return Explain(all.Rules, decisive: false, " and ", in context);
            case AuthorizationRule.AnyOf any:
                return Explain(any.Rules, decisive: true, " or ", in context);
            case AuthorizationRule.Not not:
                RuleExplanation inner = Explain(not.Rule, in context);
                return new RuleExplanation(!inner.Matches, $"not ({inner.Predicate})");
            default:
                return new RuleExplanation(RuleEvaluator.Matches(rule, in context), Describe(rule));
        }
    }

    /// <summary>The first rule whose answer is the decisive one; if there is none, all of them.</summary>
    private static RuleExplanation Explain<TContext>(AuthorizationRule[] rules, bool decisive, string joined, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        var texts = new List<string>(rules.Length);
        foreach (AuthorizationRule rule in rules)
        {
            RuleExplanation one = Explain(rule, in context);
            if (one.Matches == decisive)
                return one;
            texts.Add(one.Predicate);
        }

        return new RuleExplanation(!decisive, string.Join(joined, texts));
    }

    private static string Describe(AuthorizationRule rule) => rule switch
    {
        AuthorizationRule.Always => "any",
        AuthorizationRule.Header header => header.Matcher.ToString(),
        AuthorizationRule.UrlPath path => path.Matcher.ToString(),
        AuthorizationRule.UriTemplate template => "path " + template.Template,
        AuthorizationRule.DestinationAddress address => $"destination address in {address.Block}",
        AuthorizationRule.DestinationPort port => port.End == port.First + 1
            ? string.Create(CultureInfo.InvariantCulture, $"destination port {port.First}")
            : string.Create(CultureInfo.InvariantCulture, $"destination port in [{port.First}, {port.End})"),
        AuthorizationRule.SourceAddress address => $"source address in {address.Block}",
        AuthorizationRule.DirectRemoteAddress address => $"source address in {address.Block}",
        AuthorizationRule.RemoteAddress address => $"remote address (after x-forwarded-for) in {address.Block}",
        AuthorizationRule.RequestedServerName name => $"requested server name {name.Matcher}",
        AuthorizationRule.FilterState state => state.Matcher.ToString(),
        AuthorizationRule.Authenticated peer => $"peer certificate {peer.Matcher?.ToString() ?? "of anybody"}",
        AuthorizationRule.ValidatedCertificate peer => $"validated peer certificate {peer.Matcher?.ToString() ?? "of anybody"}",
        AuthorizationRule.Metadata metadata => (metadata.Origin == MetadataOrigin.Route ? "route " : "") + metadata.Matcher,
        _ => rule.GetType().Name,
    };
}
