using System.Collections.Frozen;
using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary><c>envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute</c>. Immutable.</summary>
/// <param name="IsDisabled"><c>disabled</c>: requests of the route are not checked.</param>
public sealed record ExtAuthzRouteConfig(bool IsDisabled) : HttpFilterRouteConfig(IsDisabled)
{
    /// <summary><c>check_settings.context_extensions</c>: told to the service as they are; those of outer levels count too, the inner ones win.</summary>
    public IReadOnlyDictionary<string, string> ContextExtensions { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary><c>check_settings.disable_request_body_buffering</c>: the body is not sent.</summary>
    public bool WithoutBody { get; init; }

    /// <summary><c>check_settings.with_request_body</c> in place of the filter's; null: the filter's.</summary>
    public CheckBodySettings? Body { get; init; }

    /// <summary><c>check_settings.grpc_service</c> or <c>http_service</c> in place of the filter's; null: the filter's.</summary>
    public AuthorizerService? Service { get; init; }

    /// <inheritdoc/>
    public override HttpFilterRouteConfig Over(HttpFilterRouteConfig outer)
    {
        if (outer is not ExtAuthzRouteConfig { ContextExtensions.Count: > 0 } known)
            return this;
        var merged = new Dictionary<string, string>(known.ContextExtensions, StringComparer.Ordinal);
        foreach ((string key, string value) in ContextExtensions)
            merged[key] = value;
        return this with { ContextExtensions = merged.ToFrozenDictionary(StringComparer.Ordinal) };
    }
}
