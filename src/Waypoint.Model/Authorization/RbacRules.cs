namespace Waypoint.Model.Authorization;

/// <summary>What one RBAC filter, HTTP or network, enforces and what it only observes. Immutable.</summary>
/// <param name="Enforced"><c>rules</c> or <c>matcher</c>; null enforces nothing.</param>
/// <param name="Shadow"><c>shadow_rules</c> or <c>shadow_matcher</c>: evaluated and reported, never enforced; null: none.</param>
public sealed record RbacRules(RbacEngine? Enforced, RbacEngine? Shadow)
{
    private readonly string _enforcedPrefix = "";
    private readonly string _shadowPrefix = "";

    /// <summary>No rules: everybody passes and nothing is reported.</summary>
    public static RbacRules None { get; } = new(null, null);

    /// <summary><c>rules_stat_prefix</c>, also before the names under which the result is reported.</summary>
    public string EnforcedPrefix
    {
        get => _enforcedPrefix;
        init
        {
            _enforcedPrefix = value;
            EnforcedResultKey = value + "enforced_engine_result";
            EnforcedPolicyKey = value + "enforced_effective_policy_id";
        }
    }

    /// <summary><c>shadow_rules_stat_prefix</c>, such as <c>istio_ext_authz_</c>, also before the names under which the result is reported.</summary>
    public string ShadowPrefix
    {
        get => _shadowPrefix;
        init
        {
            _shadowPrefix = value;
            ShadowResultKey = value + "shadow_engine_result";
            ShadowPolicyKey = value + "shadow_effective_policy_id";
        }
    }

    /// <summary>Metadata key for <see cref="AllowedText"/> or <see cref="DeniedText"/> of the enforced rules.</summary>
    public string EnforcedResultKey { get; private init; } = "enforced_engine_result";

    /// <summary>Metadata key for the name of the enforced policy that matched; not written if none did.</summary>
    public string EnforcedPolicyKey { get; private init; } = "enforced_effective_policy_id";

    /// <summary>Metadata key for <see cref="AllowedText"/> or <see cref="DeniedText"/> of the shadow rules.</summary>
    public string ShadowResultKey { get; private init; } = "shadow_engine_result";

    /// <summary>Metadata key for the name of the shadow policy that matched; not written if none did. ext_authz fires on it (<c>istio_ext_authz_</c>).</summary>
    public string ShadowPolicyKey { get; private init; } = "shadow_effective_policy_id";

    /// <summary>Metadata value of an allowed request.</summary>
    public const string AllowedText = "allowed";

    /// <summary>Metadata value of a denied request.</summary>
    public const string DeniedText = "denied";

    /// <summary>Metadata namespace of <see cref="AccessLogHintKey"/>.</summary>
    public const string CommonNamespace = "envoy.common";

    /// <summary>Metadata key of the hint that <see cref="RbacAction.Log"/> leaves.</summary>
    public const string AccessLogHintKey = "access_log_hint";

    /// <summary>Evaluates shadow rules and enforced rules.</summary>
    public RbacFilterVerdict Evaluate<TContext>(in TContext context)
        where TContext : struct, IAuthorizationView
    {
        RbacVerdict? shadow = Shadow?.Evaluate(in context);
        RbacVerdict? enforced = Enforced?.Evaluate(in context);
        return new RbacFilterVerdict(enforced, shadow);
    }
}
