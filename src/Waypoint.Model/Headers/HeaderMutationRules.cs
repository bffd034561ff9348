using Waypoint.Model.Matching;

namespace Waypoint.Model.Headers;

/// <summary>Which headers an outside service may change (<c>envoy.config.common.mutation_rules.v3.HeaderMutationRules</c>). Immutable.</summary>
public sealed class HeaderMutationRules
{
    /// <summary><c>allow_all_routing</c>: also host, <c>:authority</c>, <c>:scheme</c> and <c>:method</c>.</summary>
    public bool AllowRouting { get; init; }

    /// <summary><c>allow_envoy</c>: also those that begin with <c>x-envoy-</c>.</summary>
    public bool AllowEnvoy { get; init; }

    /// <summary><c>disallow_system</c>: none that begin with a colon.</summary>
    public bool DisallowSystem { get; init; }

    /// <summary><c>disallow_all</c>: none but <see cref="Allowed"/>.</summary>
    public bool DisallowAll { get; init; }

    /// <summary><c>allow_expression</c>: these in any case; null: none.</summary>
    public StringMatcher? Allowed { get; init; }

    /// <summary><c>disallow_expression</c>: these in no case; it wins over everything. Null: none.</summary>
    public StringMatcher? Disallowed { get; init; }

    /// <summary><c>disallow_is_error</c>: a change that is not allowed fails the request; otherwise it is left out.</summary>
    public bool DisallowIsError { get; init; }

    /// <summary>Whether a header may be set, added or removed; <paramref name="name"/> is lower case.</summary>
    public bool Allows(string name)
    {
        if (Disallowed?.Matches(name) == true)
            return false;
        if (Allowed?.Matches(name) == true)
            return true;
        if (DisallowAll)
            return false;
        if (name is "host" or ":authority" or ":scheme" or ":method")
            return AllowRouting && !(DisallowSystem && name[0] == ':');
        if (name.StartsWith(':'))
            return !DisallowSystem;
        return AllowEnvoy || !name.StartsWith("x-envoy-", StringComparison.Ordinal);
    }
}
