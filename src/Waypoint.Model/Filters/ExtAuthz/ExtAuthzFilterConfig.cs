using Waypoint.Model.FilterChains;
using Waypoint.Model.Headers;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>Asks an outside service whether a request may pass (<c>envoy.extensions.filters.http.ext_authz.v3.ExtAuthz</c>). Immutable.</summary>
/// <param name="Name"><c>HttpFilter.name</c>.</param>
/// <param name="Service">Who is asked.</param>
public sealed record ExtAuthzFilterConfig(string Name, AuthorizerService Service) : HttpFilterConfig(Name)
{
    /// <summary>Namespace of the dynamic metadata that the service's answer leaves.</summary>
    public const string MetadataNamespace = "envoy.filters.http.ext_authz";

    /// <summary>Header of the check request that tells whether the body in it is cut.</summary>
    public const string PartialBodyHeader = "x-envoy-auth-partial-body";

    /// <summary>Header of the request that passed because the service could not be asked.</summary>
    public const string FailureModeHeader = "x-envoy-auth-failure-mode-allowed";

    /// <summary><c>failure_mode_allow</c>: a request passes when the service cannot be asked.</summary>
    public bool FailureModeAllow { get; init; }

    /// <summary><c>failure_mode_allow_header_add</c>: such a request gets <see cref="FailureModeHeader"/>.</summary>
    public bool FailureModeAllowHeaderAdd { get; init; }

    /// <summary><c>with_request_body</c>; null: the body is not sent.</summary>
    public CheckBodySettings? Body { get; init; }

    /// <summary><c>clear_route_cache</c>: the route is matched again after the service has changed the request.</summary>
    public bool ClearRouteCache { get; init; }

    /// <summary><c>status_on_error</c>: status of the answer when the service cannot be asked; default 403.</summary>
    public int StatusOnError { get; init; } = 403;

    /// <summary><c>metadata_context_namespaces</c>: dynamic metadata that the service is told.</summary>
    public IReadOnlyList<string> MetadataNamespaces { get; init; } = [];

    /// <summary><c>route_metadata_context_namespaces</c>: metadata of the route that the service is told.</summary>
    public IReadOnlyList<string> RouteMetadataNamespaces { get; init; } = [];

    /// <summary><c>filter_enabled</c>: share of the requests that is checked; null: all.</summary>
    public RuntimeFraction? Enabled { get; init; }

    /// <summary><c>filter_enabled_metadata</c>: only requests with such metadata are checked (istiod: those that a CUSTOM policy fits); null: all.</summary>
    public MetadataMatcher? EnabledMetadata { get; init; }

    /// <summary><c>deny_at_disable</c>: what is not checked is refused.</summary>
    public bool DenyAtDisable { get; init; }

    /// <summary><c>allowed_headers</c>: the only headers that the service is told; null: all.</summary>
    public StringMatcherList? AllowedHeaders { get; init; }

    /// <summary><c>disallowed_headers</c>: headers that the service is never told; it wins.</summary>
    public StringMatcherList? DisallowedHeaders { get; init; }

    /// <summary><c>encode_raw_headers</c>: headers go as a list of bytes, several lines apart.</summary>
    public bool RawHeaders { get; init; }

    /// <summary><c>decoder_header_mutation_rules</c>: which headers of the request the service may change; null: all.</summary>
    public HeaderMutationRules? MutationRules { get; init; }

    /// <summary><c>enable_dynamic_metadata_ingestion</c>; default true.</summary>
    public bool TakesMetadata { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<string> Clusters => [Service.Cluster];

    /// <summary>Whether a request is checked.</summary>
    /// <param name="metadata">What filters before left.</param>
    /// <param name="randomValue">Decides the share.</param>
    public bool Checks(IMetadataView metadata, ulong randomValue) =>
        (Enabled is null || Enabled.IsEnabled(randomValue, runtime: null)) && (EnabledMetadata is null || EnabledMetadata.Matches(metadata));

    /// <summary>Whether the service is told a header; <paramref name="name"/> is lower case, pseudo headers included.</summary>
    public bool Tells(string name) =>
        name != PartialBodyHeader
        && DisallowedHeaders?.Matches(name) != true
        && (Service.AlwaysTells(name) || (AllowedHeaders is null ? Service.TellsUnlisted : AllowedHeaders.Matches(name)));
}
