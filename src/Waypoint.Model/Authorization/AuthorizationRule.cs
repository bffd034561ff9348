using Waypoint.Model.Matching;

namespace Waypoint.Model.Authorization;

/// <summary>One condition of a policy: a permission or a principal (<c>envoy.config.rbac.v3.Permission</c>, <c>Principal</c>; they share most forms and here one
/// tree). A closed set of sealed forms; <see cref="RuleEvaluator"/> knows them all. Immutable.</summary>
public abstract class AuthorizationRule
{
    private AuthorizationRule()
    {
    }

    /// <summary><c>any</c>: always matches.</summary>
    public sealed class Always : AuthorizationRule
    {
        /// <summary>The only instance.</summary>
        public static Always Instance { get; } = new();
    }

    /// <summary><c>and_rules</c>, <c>and_ids</c>: all must match.</summary>
    public sealed class All(AuthorizationRule[] rules) : AuthorizationRule
    {
        internal readonly AuthorizationRule[] Rules = rules;
    }

    /// <summary><c>or_rules</c>, <c>or_ids</c>, and the lists of a policy: one must match.</summary>
    public sealed class AnyOf(AuthorizationRule[] rules) : AuthorizationRule
    {
        internal readonly AuthorizationRule[] Rules = rules;
    }

    /// <summary><c>not_rule</c>, <c>not_id</c>.</summary>
    public sealed class Not(AuthorizationRule rule) : AuthorizationRule
    {
        internal readonly AuthorizationRule Rule = rule;
    }

    /// <summary><c>header</c>, pseudo headers included; <c>:path</c> with its query.</summary>
    public sealed class Header(HeaderMatcher matcher) : AuthorizationRule
    {
        internal readonly HeaderMatcher Matcher = matcher;
    }

    /// <summary><c>url_path</c>: the path without query and fragment; never matches without a path.</summary>
    public sealed class UrlPath(PathMatcher matcher) : AuthorizationRule
    {
        internal readonly PathMatcher Matcher = matcher;
    }

    /// <summary><c>uri_template</c>: the path without query and fragment against a template.</summary>
    public sealed class UriTemplate(PathTemplate template) : AuthorizationRule
    {
        internal readonly PathTemplate Template = template;
    }

    /// <summary><c>destination_ip</c>: where the client connected to.</summary>
    public sealed class DestinationAddress(AddressBlock block) : AuthorizationRule
    {
        internal readonly AddressBlock Block = block;
    }

    /// <summary><c>destination_port</c> and <c>destination_port_range</c>: ports from <paramref name="first"/> up to but without <paramref name="end"/>.</summary>
    public sealed class DestinationPort(int first, int end) : AuthorizationRule
    {
        internal readonly int First = first;
        internal readonly int End = end;
    }

    /// <summary><c>source_ip</c>: the connection's peer.</summary>
    public sealed class SourceAddress(AddressBlock block) : AuthorizationRule
    {
        internal readonly AddressBlock Block = block;
    }

    /// <summary><c>direct_remote_ip</c>: the peer, whatever <c>x-forwarded-for</c> says.</summary>
    public sealed class DirectRemoteAddress(AddressBlock block) : AuthorizationRule
    {
        internal readonly AddressBlock Block = block;
    }

    /// <summary><c>remote_ip</c>: the peer after <c>x-forwarded-for</c>.</summary>
    public sealed class RemoteAddress(AddressBlock block) : AuthorizationRule
    {
        internal readonly AddressBlock Block = block;
    }

    /// <summary><c>requested_server_name</c>.</summary>
    public sealed class RequestedServerName(StringMatcher matcher) : AuthorizationRule
    {
        internal readonly StringMatcher Matcher = matcher;
    }

    /// <summary><c>filter_state</c>: how Istio asks for the client's identity (<c>io.istio.peer_principal</c>). An absent key never matches.</summary>
    public sealed class FilterState(FilterStateMatcher matcher) : AuthorizationRule
    {
        internal readonly FilterStateMatcher Matcher = matcher;
    }

    /// <summary><c>authenticated</c>: TLS, and one of the certificate's URI names, its DNS names or its subject fits. All three are tried.</summary>
    /// <param name="matcher"><c>principal_name</c>; null: everybody with TLS.</param>
    public sealed class Authenticated(StringMatcher? matcher) : AuthorizationRule
    {
        internal readonly StringMatcher? Matcher = matcher;
    }

    /// <summary><c>custom</c> with <c>envoy.extensions.rbac.principals.mtls_authenticated.v3.Config</c>: a validated certificate, one of whose URI names fits.</summary>
    /// <param name="matcher">Null: a validated certificate is enough.</param>
    public sealed class ValidatedCertificate(StringMatcher? matcher) : AuthorizationRule
    {
        internal readonly StringMatcher? Matcher = matcher;
    }

    /// <summary><c>metadata</c> and <c>sourced_metadata</c>: claims of a token, mostly.</summary>
    public sealed class Metadata(MetadataMatcher matcher, MetadataOrigin origin) : AuthorizationRule
    {
        internal readonly MetadataMatcher Matcher = matcher;
        internal readonly MetadataOrigin Origin = origin;
    }
}
