using Waypoint.Model.Authorization;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Proxy.Filters.Rbac;

/// <summary>Notes what an RBAC filter found where later filters, routes and logs look: a CUSTOM policy takes effect through its shadow rules' entry.</summary>
internal static class RbacMetadata
{
    private static readonly MetadataValue Allowed = MetadataValue.Of(RbacRules.AllowedText);
    private static readonly MetadataValue Denied = MetadataValue.Of(RbacRules.DeniedText);

    /// <summary>Writes the results of <paramref name="rules"/> under <paramref name="filter"/>.</summary>
    public static void Write(DynamicMetadata metadata, string filter, RbacRules rules, in RbacFilterVerdict verdict)
    {
        if (verdict.Shadow is { } shadow)
        {
            Write(metadata, filter, rules.ShadowResultKey, rules.ShadowPolicyKey, shadow);
        }

        if (verdict.Enforced is { } enforced)
        {
            Write(metadata, filter, rules.EnforcedResultKey, rules.EnforcedPolicyKey, enforced);
        }

        if (verdict.AccessLogHint is { } hint)
        {
            metadata.Set(RbacRules.CommonNamespace, RbacRules.AccessLogHintKey, MetadataValue.Of(hint));
        }
    }

    private static void Write(DynamicMetadata metadata, string filter, string resultKey, string policyKey, in RbacVerdict verdict)
    {
        MetadataValue result = verdict.Allowed ? Allowed : Denied;
        KeyValuePair<string, MetadataValue>[] fields = verdict.Policy is { } policy
            ? [new(resultKey, result), new(policyKey, MetadataValue.Of(policy))]
            : [new(resultKey, result)];
        metadata.Merge(filter, MetadataValue.Of(fields));
    }
}
