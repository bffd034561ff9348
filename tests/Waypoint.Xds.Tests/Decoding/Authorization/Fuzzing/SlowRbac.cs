using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Extensions.Path.Match.UriTemplate.V3;
using Waypoint.Protos.Envoy.Type.Matcher.V3;

namespace Waypoint.Xds.Tests.Decoding.Authorization.Fuzzing;

/// <summary>What an RBAC configuration says, read off the messages in the slowest and plainest way, without a line of the code under test: the other side of the
/// differential check.</summary>
internal static class SlowRbac
{
    private const string TemplateCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%!$&'()+,;:@=";

    public static bool Allows(RBAC rules, FuzzRequest request)
    {
        bool any = rules.Policies.Values.Any(policy => policy.Permissions.Any(p => Fits(p, request)) && policy.Principals.Any(p => Fits(p, request)));
        return rules.Action switch
        {
            RBAC.Types.Action.Allow => any,
            RBAC.Types.Action.Deny => !any,
            _ => true,
        };
    }

    /// <summary>The first name in the order of bytes whose policy fits.</summary>
    public static string? PolicyOf(RBAC rules, FuzzRequest request) => rules.Policies
        .Where(policy => policy.Value.Permissions.Any(p => Fits(p, request)) && policy.Value.Principals.Any(p => Fits(p, request)))
        .Select(static policy => policy.Key)
        .OrderBy(static name => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name)), StringComparer.Ordinal)
        .FirstOrDefault();

    private static bool Fits(Permission permission, FuzzRequest request) => permission.RuleCase switch
    {
        Permission.RuleOneofCase.AndRules => permission.AndRules.Rules.All(p => Fits(p, request)),
        Permission.RuleOneofCase.OrRules => permission.OrRules.Rules.Any(p => Fits(p, request)),
        Permission.RuleOneofCase.NotRule => !Fits(permission.NotRule, request),
        Permission.RuleOneofCase.Any => true,
        Permission.RuleOneofCase.Header => Fits(permission.Header, request),
        Permission.RuleOneofCase.UrlPath => Path(request) is { } path && Fits(permission.UrlPath.Path, path),
        Permission.RuleOneofCase.UriTemplate => Path(request) is { } path && Template(permission.UriTemplate.TypedConfig.Unpack<UriTemplateMatchConfig>().PathTemplate, path),
        Permission.RuleOneofCase.DestinationIp => Contains(permission.DestinationIp, request.DestinationAddress),
        Permission.RuleOneofCase.DestinationPort => request.DestinationPort == (int)permission.DestinationPort,
        Permission.RuleOneofCase.DestinationPortRange => request.DestinationPort >= permission.DestinationPortRange.Start && request.DestinationPort < permission.DestinationPortRange.End,
        Permission.RuleOneofCase.RequestedServerName => Fits(permission.RequestedServerName, request.RequestedServerName),
        Permission.RuleOneofCase.Metadata => Fits(permission.Metadata, request),
        _ => throw new NotSupportedException(permission.RuleCase.ToString()),
    };

    private static bool Fits(Principal principal, FuzzRequest request) => principal.IdentifierCase switch
    {
        Principal.IdentifierOneofCase.AndIds => principal.AndIds.Ids.All(p => Fits(p, request)),
        Principal.IdentifierOneofCase.OrIds => principal.OrIds.Ids.Any(p => Fits(p, request)),
        Principal.IdentifierOneofCase.NotId => !Fits(principal.NotId, request),
        Principal.IdentifierOneofCase.Any => true,
        Principal.IdentifierOneofCase.Header => Fits(principal.Header, request),
        Principal.IdentifierOneofCase.UrlPath => Path(request) is { } path && Fits(principal.UrlPath.Path, path),
        Principal.IdentifierOneofCase.FilterState => request.Principal is { } id && principal.FilterState.Key == FuzzRequest.PrincipalKey && Fits(principal.FilterState.StringMatch, id),
        Principal.IdentifierOneofCase.SourceIp => Contains(principal.SourceIp, request.SourceAddress),
        Principal.IdentifierOneofCase.DirectRemoteIp => Contains(principal.DirectRemoteIp, request.SourceAddress),
        Principal.IdentifierOneofCase.RemoteIp => Contains(principal.RemoteIp, request.RemoteAddress),
        Principal.IdentifierOneofCase.Metadata => Fits(principal.Metadata, request),
        Principal.IdentifierOneofCase.Authenticated => request.Principal is not null
            && (principal.Authenticated.PrincipalName is null || Fits(principal.Authenticated.PrincipalName, request.Principal) || Fits(principal.Authenticated.PrincipalName, "")),
        _ => throw new NotSupportedException(principal.IdentifierCase.ToString()),
    };

    private static string? Path(FuzzRequest request)
    {
        string? path = request.Lines.Where(static l => l.Name == ":path").Select(static l => l.Value).FirstOrDefault();
        return path?.Split('?')[0].Split('#')[0];
    }

    private static bool Fits(HeaderMatcher matcher, FuzzRequest request)
    {
        string[] lines = [.. request.Lines.Where(l => string.Equals(l.Name, matcher.Name, StringComparison.OrdinalIgnoreCase)).Select(static l => l.Value)];
        if (matcher.HeaderMatchSpecifierCase is HeaderMatcher.HeaderMatchSpecifierOneofCase.None or HeaderMatcher.HeaderMatchSpecifierOneofCase.PresentMatch)
        {
            bool wanted = matcher.HeaderMatchSpecifierCase == HeaderMatcher.HeaderMatchSpecifierOneofCase.None || matcher.PresentMatch;
            bool there = lines.Length > 0 || matcher.TreatMissingHeaderAsEmpty;
            return matcher.InvertMatch ? there != wanted : there == wanted;
        }

        if (lines.Length == 0)
        {
            if (!matcher.TreatMissingHeaderAsEmpty)
                return false;
            lines = [""];
        }

        bool any = lines.Any(line => matcher.HeaderMatchSpecifierCase == HeaderMatcher.HeaderMatchSpecifierOneofCase.RangeMatch
            ? long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= matcher.RangeMatch.Start && number < matcher.RangeMatch.End
            : Fits(matcher.StringMatch, line));
        return matcher.InvertMatch ? !any : any;
    }

    private static bool Fits(StringMatcher matcher, string value)
    {
        string Fold(string text) => matcher.IgnoreCase ? string.Concat(text.Select(static c => c is >= 'A' and <= 'Z' ? (char)(c + 32) : c)) : text;
        string folded = Fold(value);
        return matcher.MatchPatternCase switch
        {
            StringMatcher.MatchPatternOneofCase.Exact => folded == Fold(matcher.Exact),
            StringMatcher.MatchPatternOneofCase.Prefix => folded.StartsWith(Fold(matcher.Prefix), StringComparison.Ordinal),
            StringMatcher.MatchPatternOneofCase.Suffix => folded.EndsWith(Fold(matcher.Suffix), StringComparison.Ordinal),
            StringMatcher.MatchPatternOneofCase.Contains => folded.Contains(Fold(matcher.Contains), StringComparison.Ordinal),
            // The backtracking engine, on patterns that mean the same to it.
            StringMatcher.MatchPatternOneofCase.SafeRegex => Regex.IsMatch(value, $@"\A(?:{matcher.SafeRegex.Regex})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10)),
            _ => throw new NotSupportedException(matcher.MatchPatternCase.ToString()),
        };
    }

    private static bool Fits(MetadataMatcher matcher, FuzzRequest request)
    {
        Value? value = matcher.Filter == FuzzRequest.MetadataFilter ? Value.ForStruct(request.MetadataMessage) : null;
        foreach (MetadataMatcher.Types.PathSegment segment in matcher.Path)
            value = value?.StructValue?.Fields.GetValueOrDefault(segment.Key);
        return Fits(matcher.Value, value) != matcher.Invert;
    }

    private static bool Fits(ValueMatcher matcher, Value? value) => matcher.MatchPatternCase switch
    {
        ValueMatcher.MatchPatternOneofCase.StringMatch => value?.KindCase == Value.KindOneofCase.StringValue && Fits(matcher.StringMatch, value.StringValue),
        ValueMatcher.MatchPatternOneofCase.PresentMatch => (value is not null) == matcher.PresentMatch,
        ValueMatcher.MatchPatternOneofCase.BoolMatch => value?.KindCase == Value.KindOneofCase.BoolValue && value.BoolValue == matcher.BoolMatch,
        ValueMatcher.MatchPatternOneofCase.ListMatch => value?.KindCase == Value.KindOneofCase.ListValue && value.ListValue.Values.Any(item => Fits(matcher.ListMatch.OneOf, item)),
        ValueMatcher.MatchPatternOneofCase.OrMatch => matcher.OrMatch.ValueMatchers.Any(part => Fits(part, value)),
        _ => throw new NotSupportedException(matcher.MatchPatternCase.ToString()),
    };

    private static bool Contains(CidrRange range, IPAddress? address)
    {
        if (address is null)
            return false;
        byte[] wanted = IPAddress.Parse(range.AddressPrefix).GetAddressBytes(), found = address.GetAddressBytes();
        if (wanted.Length != found.Length)
            return false;
        string Bits(byte[] bytes) => string.Concat(bytes.Select(static b => b.ToString("b8", CultureInfo.InvariantCulture)));
        int length = Math.Min((int)(range.PrefixLen ?? 0), wanted.Length * 8);
        return Bits(wanted)[..length] == Bits(found)[..length];
    }

    /// <summary>One star is at least one character of a segment, two are any characters of a path.</summary>
    private static bool Template(ReadOnlySpan<char> template, ReadOnlySpan<char> path)
    {
        if (template.IsEmpty)
            return path.IsEmpty;
        if (template.StartsWith("**"))
        {
            for (int i = 0; i <= path.Length; i++)
            {
                if (Template(template[2..], path[i..]))
                    return true;
                if (i < path.Length && path[i] != '/' && !TemplateCharacters.Contains(path[i], StringComparison.Ordinal))
                    return false;
            }

            return false;
        }

        if (template[0] != '*')
            return !path.IsEmpty && path[0] == template[0] && Template(template[1..], path[1..]);
        for (int i = 0; i < path.Length && path[i] != '/' && TemplateCharacters.Contains(path[i], StringComparison.Ordinal); i++)
        {
            if (Template(template[1..], path[(i + 1)..]))
                return true;
        }

        return false;
    }
}
