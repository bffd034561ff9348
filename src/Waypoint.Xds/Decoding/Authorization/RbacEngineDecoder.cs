using Waypoint.Model.Authorization;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Matcher = Waypoint.Protos.Xds.Type.Matcher.V3.Matcher;

namespace Waypoint.Xds.Decoding.Authorization;

/// <summary>Reads the rules of an RBAC filter in either form.</summary>
internal static class RbacEngineDecoder
{
    /// <summary>Null if there are no rules. A matcher wins over rules, as in Envoy.</summary>
    public static RbacEngine? Decode(RBAC? rules, string rulesField, Matcher? matcher, string matcherField, DecodeContext context)
    {
        if (matcher is not null)
        {
            if (rules is not null)
                context.Ignore(rulesField, $"{matcherField} is set too and wins");
            using DecodeScope scope = context.Field(matcherField);
            return new RbacEngine(RbacMatchTreeDecoder.Decode(matcher, context));
        }

        if (rules is null)
            return null;
        using DecodeScope rulesScope = context.Field(rulesField);
        return new RbacEngine(DecodePolicies(rules, context));
    }

    /// <summary>What a policy's match means; an unknown value is a problem.</summary>
    public static RbacAction DecodeAction(RBAC.Types.Action action, DecodeContext context)
    {
        switch (action)
        {
            case RBAC.Types.Action.Allow:
                return RbacAction.Allow;
            case RBAC.Types.Action.Deny:
                return RbacAction.Deny;
            case RBAC.Types.Action.Log:
                return RbacAction.Log;
            default:
                context.RefuseValue("action", action.ToString(), "ALLOW, DENY, LOG");
                return RbacAction.Allow;
        }
    }

    private static RbacPolicySet DecodePolicies(RBAC rules, DecodeContext context)
    {
        RbacAction action = DecodeAction(rules.Action, context);
        foreach (RBAC.Types.AuditLoggingOptions.Types.AuditLoggerConfig logger in rules.AuditLoggingOptions?.LoggerConfigs ?? [])
        {
            if (logger.IsOptional)
                context.Ignore("audit_logging_options.logger_configs", "audit loggers are not implemented and this one is optional");
            else
                context.Refuse("audit_logging_options.logger_configs", $"audit logger '{logger.AuditLogger?.Name}' is not implemented");
        }

        List<RbacPolicy> policies = [];
        foreach ((string name, Policy policy) in rules.Policies)
        {
            using DecodeScope scope = context.Field($"policies['{name}']");
            policies.Add(DecodePolicy(name, policy, context));
        }

        return new RbacPolicySet(action, policies);
    }

    private static RbacPolicy DecodePolicy(string name, Policy policy, DecodeContext context)
    {
        if (policy.CheckedCondition is not null)
            context.Refuse("checked_condition", "is not implemented; condition is");
        ConditionExpression? condition = null;
        if (policy.Condition is not null)
        {
            using DecodeScope scope = context.Field("condition");
            condition = ConditionDecoder.Decode(policy.Condition, context);
        }

        return new RbacPolicy(
            name,
            PermissionDecoder.DecodeAny(policy.Permissions, "permissions", context),
            PrincipalDecoder.DecodeAny(policy.Principals, "principals", context),
            condition);
    }
}
