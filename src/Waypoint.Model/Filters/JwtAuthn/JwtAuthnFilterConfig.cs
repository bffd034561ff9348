using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>The token filter (<c>envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication</c>). Immutable.</summary>
/// <param name="Name">The filter's name.</param>
public sealed record JwtAuthnFilterConfig(string Name) : HttpFilterConfig(Name)
{
    /// <summary>Under which name claims are left in the dynamic metadata, whatever the filter's own name is.</summary>
    public const string MetadataName = "envoy.filters.http.jwt_authn";

    /// <inheritdoc/>
    public override IEnumerable<string> Clusters => Providers.Select(static provider => provider.RemoteKeys?.Cluster).OfType<string>();

    /// <summary><c>providers</c> in the order of their names; requirements refer to them by index.</summary>
    public required IReadOnlyList<JwtProviderConfig> Providers { get; init; }

    /// <summary><c>rules</c>: the first that fits decides; none: no token is needed.</summary>
    public IReadOnlyList<JwtRule> Rules { get; init; } = [];

    /// <summary><c>filter_state_rules.name</c>: the filter state whose text chooses from <see cref="FilterStateRequirements"/> where no rule fits; empty: none.</summary>
    public string FilterStateName { get; init; } = "";

    /// <summary><c>filter_state_rules.requires</c>.</summary>
    public IReadOnlyDictionary<string, JwtRequirement> FilterStateRequirements { get; init; } = new Dictionary<string, JwtRequirement>();

    /// <summary><c>requirement_map</c>, for routes.</summary>
    public IReadOnlyDictionary<string, JwtRequirement> NamedRequirements { get; init; } = new Dictionary<string, JwtRequirement>();

    /// <summary><c>bypass_cors_preflight</c>.</summary>
    public bool BypassCorsPreflight { get; init; }

    /// <summary><c>strip_failure_response</c>: failures are answered without body and <c>www-authenticate</c>.</summary>
    public bool StripFailureResponse { get; init; }

    /// <summary><c>stat_prefix</c>.</summary>
    public string StatPrefix { get; init; } = "";

    /// <summary>True for a preflight that passes unseen.</summary>
    public bool IsBypassed<THeaders>(string method, in THeaders headers)
        where THeaders : struct, IHeaderView =>
        BypassCorsPreflight && method == "OPTIONS" && HasValue(headers, "origin") && HasValue(headers, "access-control-request-method");

    /// <summary>What a request needs by rules and filter state; null: nothing. Pure; does not allocate.</summary>
    public JwtRequirement? FindRequirement<THeaders>(in RouteQuery<THeaders> query)
        where THeaders : struct, IHeaderView
    {
        var path = PathMatcher.WithoutQuery(query.Path);
        for (var i = 0; i < Rules.Count; i++)
        {
            if (Rules[i].Condition.Matches(query, path))
                return Rules[i].Requirement;
        }

        return FilterStateName.Length > 0 && query.FilterState?.GetText(FilterStateName) is { } chosen ? FilterStateRequirements.GetValueOrDefault(chosen) : null;
    }

    /// <summary>What a request needs by its route.</summary>
    /// <param name="route">The route's settings.</param>
    /// <param name="requirement">Null: nothing.</param>
    /// <param name="problem">Set if the route names no requirement that exists: then nothing passes.</param>
    public bool TryFindRequirement(JwtRouteConfig route, out JwtRequirement? requirement, out string problem)
    {
        requirement = null;
        problem = "";
        if (route.RequirementName is not { } name || NamedRequirements.TryGetValue(name, out requirement))
            return true;
        problem = $"Wrong requirement_name: {name}. Correct names are: {string.Join(',', NamedRequirements.Keys.Order(StringComparer.Ordinal))}";
        return false;
    }

    /// <summary>Checks the tokens of a request, and if the result stands does to the request what follows from it.</summary>
    /// <param name="requirement">What it needs.</param>
    /// <param name="keys">Keys and known tokens of <see cref="Providers"/>.</param>
    /// <param name="fetched">What was fetched for this request, by provider; empty: nothing was.</param>
    /// <param name="headers">The request.</param>
    /// <param name="metadata">Takes claims and failures.</param>
    /// <param name="now">The time.</param>
    public JwtOutcome Evaluate<THeaders>(
        JwtRequirement requirement, IProviderKeys keys, ReadOnlySpan<KeySetAnswer> fetched, ref THeaders headers, DynamicMetadata metadata, DateTimeOffset now)
        where THeaders : struct, IMutableHeaders
    {
        var evaluation = new JwtEvaluation<THeaders>(Providers, keys, fetched, headers, (ulong)Math.Max(0, now.ToUnixTimeSeconds()));
        try
        {
            if (RequirementTree.Evaluate(requirement, ref evaluation) is not { } status)
                return new JwtOutcome(default, evaluation.MissingKeys, ChangesRoute: false);
            var changesRoute = evaluation.Apply(ref headers, metadata, status == Tokens.JwtStatus.Ok);
            return new JwtOutcome(status, MissingKeys: null, changesRoute);
        }
        finally
        {
            evaluation.Dispose();
        }
    }

    private static bool HasValue<THeaders>(in THeaders headers, string name)
        where THeaders : struct, IHeaderView => headers.Count(name) > 0 && headers.Get(name, 0).Length > 0;
}
