using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Authorization;

/// <summary>Evaluates rules. One switch over the closed set of forms rather than a virtual method each: a virtual generic method costs a dictionary lookup per call,
/// a sealed type costs one comparison.</summary>
internal static class RuleEvaluator
{
    public static bool Matches<TContext>(AuthorizationRule rule, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        switch (rule)
        {
            // The order is the order of frequency in what istiod sends.
            case AuthorizationRule.All all:
                foreach (AuthorizationRule inner in all.Rules)
                {
                    if (!Matches(inner, in context))
                        return false;
                }

                return true;
            case AuthorizationRule.AnyOf any:
                foreach (AuthorizationRule inner in any.Rules)
                {
                    if (Matches(inner, in context))
                        return true;
                }

                return false;
            case AuthorizationRule.FilterState state:
                return state.Matcher.Matches(context.FilterState);
            case AuthorizationRule.UrlPath path:
                return context.Count(HeaderNames.Path) > 0 && path.Matcher.Matches(context.Get(HeaderNames.Path, 0));
            case AuthorizationRule.Header header:
                return header.Matcher.Matches(in context);
            case AuthorizationRule.Always:
                return true;
            case AuthorizationRule.Not not:
                return !Matches(not.Rule, in context);
            case AuthorizationRule.DestinationPort port:
                return context.DestinationAddress is not null && context.DestinationPort >= port.First && context.DestinationPort < port.End;
            case AuthorizationRule.Metadata metadata:
                return MatchesMetadata(metadata, in context);
            case AuthorizationRule.UriTemplate template:
                return TryGetPath(in context, out ReadOnlySpan<char> templatePath) && template.Template.Matches(templatePath);
            default:
                return MatchesConnection(rule, in context);
        }
    }

    private static bool MatchesConnection<TContext>(AuthorizationRule rule, in TContext context)
        where TContext : struct, IAuthorizationView
        => rule switch
        {
            AuthorizationRule.DirectRemoteAddress direct => direct.Block.Contains(context.DirectRemoteAddress),
            AuthorizationRule.RemoteAddress remote => remote.Block.Contains(context.RemoteAddress),
            AuthorizationRule.DestinationAddress destination => destination.Block.Contains(context.DestinationAddress),
            AuthorizationRule.SourceAddress source => source.Block.Contains(context.SourceAddress),
            AuthorizationRule.RequestedServerName name => name.Matcher.Matches(context.RequestedServerName),
            AuthorizationRule.Authenticated authenticated => MatchesPeer(authenticated.Matcher, in context),
            AuthorizationRule.ValidatedCertificate certificate => MatchesCertificate(certificate, in context),
            _ => throw new InvalidOperationException("A form of rule that the evaluator does not know: " + rule.GetType().Name),
        };

    /// <summary>The path up to a query or fragment. False if there is no <c>:path</c>.</summary>
    internal static bool TryGetPath<TContext>(in TContext context, out ReadOnlySpan<char> path)
        where TContext : struct, IAuthorizationView
    {
        if (context.Count(HeaderNames.Path) == 0)
        {
            path = default;
            return false;
        }

        path = PathMatcher.WithoutQuery(context.Get(HeaderNames.Path, 0));
        return true;
    }

    private static bool MatchesMetadata<TContext>(AuthorizationRule.Metadata rule, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        if (rule.Origin == MetadataOrigin.Dynamic)
            return rule.Matcher.Matches(context.DynamicMetadata);
        // Without a route not even an inverted matcher fits.
        return context.RouteMetadata is { } route && rule.Matcher.Matches(route);
    }

    private static bool MatchesPeer<TContext>(StringMatcher? matcher, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        if (!context.IsTls)
            return false;
        if (matcher is null)
            return true;
        return MatchesUriSan(matcher, in context) || MatchesDnsSan(matcher, in context) || matcher.Matches(context.PeerSubject);
    }

    private static bool MatchesCertificate<TContext>(AuthorizationRule.ValidatedCertificate rule, in TContext context)
        where TContext : struct, IAuthorizationView
        => context.IsTls && context.PeerCertificateValidated && (rule.Matcher is null || MatchesUriSan(rule.Matcher, in context));

    private static bool MatchesUriSan<TContext>(StringMatcher matcher, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        for (int i = 0; i < context.UriSanCount; i++)
        {
            if (matcher.Matches(context.GetUriSan(i)))
                return true;
        }

        return false;
    }

    private static bool MatchesDnsSan<TContext>(StringMatcher matcher, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        for (int i = 0; i < context.DnsSanCount; i++)
        {
            if (matcher.Matches(context.GetDnsSan(i)))
                return true;
        }

        return false;
    }
}
