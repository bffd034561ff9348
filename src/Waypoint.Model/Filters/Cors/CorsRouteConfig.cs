using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Filters.Cors;

/// <summary><c>envoy.extensions.filters.http.cors.v3.CorsPolicy</c> on a route. The policy is only told, not enforced: browsers do that.</summary>
public sealed record CorsRouteConfig : HttpFilterRouteConfig
{
    /// <summary><c>allow_origin_string_match</c>: one that fits the origin is enough; one that fits <c>*</c> fits every origin.</summary>
    public IReadOnlyList<StringMatcher> AllowedOrigins { get; init; } = [];

    /// <summary><c>allow_methods</c>, as sent; empty: the header is not set.</summary>
    public string AllowMethods { get; init; } = "";

    /// <summary><c>allow_headers</c>, as sent; empty: the header is not set.</summary>
    public string AllowHeaders { get; init; } = "";

    /// <summary><c>expose_headers</c>, as sent; empty: the header is not set.</summary>
    public string ExposeHeaders { get; init; } = "";

    /// <summary><c>max_age</c>, seconds as text; empty: the header is not set.</summary>
    public string MaxAge { get; init; } = "";

    /// <summary><c>allow_credentials</c>; default false.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary><c>allow_private_network_access</c>; default false.</summary>
    public bool AllowPrivateNetwork { get; init; }

    /// <summary><c>forward_not_matching_preflights</c>; default true.</summary>
    public bool ForwardNotMatchingPreflights { get; init; } = true;

    /// <summary><c>filter_enabled</c>; absent: always.</summary>
    public RuntimeFraction? Enabled { get; init; }

    /// <summary><c>shadow_enabled</c>; absent: never. Only counts, so it changes no answer.</summary>
    public RuntimeFraction? Shadow { get; init; }

    /// <summary>Decides on a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="randomValue">A random number for <see cref="Enabled"/>.</param>
    /// <param name="runtime">Overrides of the percentages; null: none.</param>
    public CorsDecision Decide<THeaders>(string method, THeaders headers, ulong randomValue, RuntimeValues? runtime = null)
        where THeaders : IHeaderView
    {
        if (Enabled is { } enabled && !enabled.IsEnabled(randomValue, runtime))
            return default;
        var origin = Text(headers, "origin");
        if (origin.Length == 0)
            return default;
        var allowed = Allows(origin);
        if (method != "OPTIONS" || Text(headers, "access-control-request-method").Length == 0)
            return allowed ? new CorsDecision(CorsOutcome.MarkResponse, origin, false) : default;
        if (allowed)
            return new CorsDecision(CorsOutcome.AnswerPreflight, origin, Text(headers, "access-control-request-private-network") == "true");
        return ForwardNotMatchingPreflights ? default : new CorsDecision(CorsOutcome.AnswerEmpty, "", false);
    }

    /// <summary>True if <paramref name="origin"/> may read responses.</summary>
    public bool Allows(string origin)
    {
        for (var i = 0; i < AllowedOrigins.Count; i++)
        {
            if (AllowedOrigins[i].Matches("*") || AllowedOrigins[i].Matches(origin))
                return true;
        }

        return false;
    }

    /// <summary>Marks a response as readable for the allowed origin of <paramref name="decision"/>; what the upstream said about it is replaced.</summary>
    public void MarkResponse<THeaders>(ref THeaders headers, in CorsDecision decision)
        where THeaders : IMutableHeaders
    {
        headers.Set("access-control-allow-origin", decision.Origin);
        if (AllowCredentials)
            headers.Set("access-control-allow-credentials", "true");
        SetIfAny(ref headers, "access-control-expose-headers", ExposeHeaders);
    }

    /// <summary>Makes the answer to a preflight of an allowed origin: all that <see cref="MarkResponse"/> says, and what requests may look like.</summary>
    public void MarkPreflight<THeaders>(ref THeaders headers, in CorsDecision decision)
        where THeaders : IMutableHeaders
    {
        MarkResponse(ref headers, decision);
        SetIfAny(ref headers, "access-control-allow-methods", AllowMethods);
        SetIfAny(ref headers, "access-control-allow-headers", AllowHeaders);
        SetIfAny(ref headers, "access-control-max-age", MaxAge);
        if (AllowPrivateNetwork && decision.WantsPrivateNetwork)
            headers.Set("access-control-allow-private-network", "true");
    }

    /// <summary>All lines of the header as one text; empty if it is absent.</summary>
    private static string Text<THeaders>(THeaders headers, string name)
        where THeaders : IHeaderView
    {
        var count = headers.Count(name);
        if (count <= 1)
            return count == 0 ? "" : headers.Get(name, 0);
        var lines = new string[count];
        for (var i = 0; i < count; i++)
            lines[i] = headers.Get(name, i);
        return string.Join(',', lines);
    }

    private static void SetIfAny<THeaders>(ref THeaders headers, string name, string value)
        where THeaders : IMutableHeaders
    {
        if (value.Length > 0)
            headers.Set(name, value);
    }
}
