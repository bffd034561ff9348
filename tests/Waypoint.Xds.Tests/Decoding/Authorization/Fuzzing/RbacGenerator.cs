using System.Net;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Extensions.Path.Match.UriTemplate.V3;
using Waypoint.Protos.Envoy.Type.Matcher.V3;
using Waypoint.Protos.Envoy.Type.V3;

namespace Waypoint.Xds.Tests.Decoding.Authorization.Fuzzing;

/// <summary>Random policies and requests that meet often enough to be worth comparing: both draw from the same few words.</summary>
internal sealed class RbacGenerator(Random random)
{
    private static readonly string[] Paths =
    [
        "/", "/admin", "/ADMIN", "/admin/", "/admin/users", "/api/v1/users/7", "/api//v1", "/api/%2e%2e/admin", "/a%2Fb", "/a%5cb", "/public/../admin", "/public/..;/admin",
        "/api;v=1", "/\u00e9", "/a b", "/*", "/{x}", "//admin", "/admin%00", "*", "",
    ];

    private static readonly string[] Words = ["a", "A", "admin", "ADMIN", "7", "-3", "0x7", "viewer,editor", "", " ", "\u00e9", "shop.example", "Shop.Example:80", "GET", "POST", "get"];
    private static readonly string[] Names = ["x-role", "x-Team", ":method", ":authority", ":path", "cookie"];
    private static readonly string[] Principals = ["spiffe://cluster.local/ns/shop/sa/web", "spiffe://cluster.local/ns/shop/sa/webx", "spiffe://td2/ns/shop/sa/web", "spiffe://cluster.local/ns/clients/sa/curl"];
    private static readonly string[] Addresses = ["10.1.2.3", "10.1.2.4", "10.2.0.1", "192.168.0.1", "fd00::1", "fd00::2:1", "0.0.0.0", "255.255.255.255"];
    private static readonly string[] Patterns = [".*", "a|admin", "[a-z]+", "/api/.*", "spiffe://.+/ns/shop/(.+/|)sa/web(/.+)?", ".*/ns/shop/.*", "[0-9]{1,3}", "(?i)admin", ".+", "/a.?b"];
    private static readonly string[] Templates = ["/*", "/**", "/api/*/users/*", "/api/**/users", "/admin/**", "/**/admin", "/*/users", "/api/v1/**"];
    private static readonly string[] Claims = ["iss", "aud", "roles", "nested", "admin"];

    public RBAC Rules()
    {
        var rules = new RBAC { Action = (RBAC.Types.Action)random.Next(3) };
        for (int i = random.Next(5); i > 0; i--)
        {
            var policy = new Policy();
            policy.Permissions.AddRange(Some(() => Permission(0)));
            policy.Principals.AddRange(Some(() => Principal(0)));
            rules.Policies[$"ns[{Pick(Words)}]-policy[{(char)('a' + random.Next(3))}]-rule[{random.Next(12)}]"] = policy;
        }

        return rules;
    }

    public FuzzRequest Request()
    {
        var lines = new List<(string Name, string Value)>();
        if (random.Next(20) > 0)
            lines.Add((":path", Pick(Paths) + Pick(["", "", "", "?a=/admin", "?", "#x", "?q#/admin"])));
        lines.Add((":method", Pick(["GET", "POST", "get", "DELETE"])));
        lines.Add((":authority", Pick(["shop.example", "SHOP.EXAMPLE", "shop.example:80", "a"])));
        for (int i = random.Next(5); i > 0; i--)
            lines.Add((Pick(["x-role", "x-team", "cookie", "x-other"]), Pick(Words)));
        return new FuzzRequest(Metadata())
        {
            Lines = lines,
            Principal = random.Next(6) == 0 ? null : Pick(Principals),
            SourceAddress = random.Next(8) == 0 ? null : IPAddress.Parse(Pick(Addresses)),
            RemoteAddress = random.Next(8) == 0 ? null : IPAddress.Parse(Pick(Addresses)),
            DestinationAddress = IPAddress.Parse(Pick(Addresses)),
            DestinationPort = random.Next(3) == 0 ? random.Next(65536) : 80,
            RequestedServerName = random.Next(2) == 0 ? "" : Pick(Words),
        };
    }

    private Struct Metadata()
    {
        var claims = new Struct();
        for (int i = random.Next(4); i > 0; i--)
            claims.Fields[Pick(Claims)] = Claim(0);
        return claims;
    }

    private Value Claim(int depth) => random.Next(depth > 2 ? 3 : 5) switch
    {
        0 => Value.ForString(Pick(Words)),
        1 => Value.ForBool(random.Next(2) == 0),
        2 => Value.ForNumber(7),
        3 => Value.ForList([.. Enumerable.Range(0, random.Next(3)).Select(_ => Claim(depth + 1))]),
        _ => Value.ForStruct(new Struct { Fields = { [Pick(Claims)] = Claim(depth + 1) } }),
    };

    private Permission Permission(int depth)
    {
        switch (random.Next(depth > 4 ? 8 : 11))
        {
            case 0:
                return new Permission { Any = true };
            case 1:
                return new Permission { Header = Header() };
            case 2:
                return new Permission { UrlPath = new PathMatcher { Path = Text(Paths) } };
            case 3:
                return new Permission
                {
                    UriTemplate = new TypedExtensionConfig { Name = "t", TypedConfig = Any.Pack(new UriTemplateMatchConfig { PathTemplate = Pick(Templates) }) },
                };
            case 4:
                return new Permission { DestinationIp = Range() };
            case 5:
                return random.Next(2) == 0
                    ? new Permission { DestinationPort = random.Next(2) == 0 ? 80u : (uint)random.Next(65536) }
                    : new Permission { DestinationPortRange = new Int32Range { Start = random.Next(100), End = 100 + random.Next(60000) } };
            case 6:
                return new Permission { Metadata = ClaimCondition() };
            case 7:
                return new Permission { RequestedServerName = Text(Words) };
            case 8:
                return new Permission { NotRule = Permission(depth + 1) };
            case 9:
                return new Permission { AndRules = new Permission.Types.Set { Rules = { Some(() => Permission(depth + 1)) } } };
            default:
                return new Permission { OrRules = new Permission.Types.Set { Rules = { Some(() => Permission(depth + 1)) } } };
        }
    }

    private Principal Principal(int depth)
    {
        switch (random.Next(depth > 4 ? 9 : 12))
        {
            case 0:
                return new Principal { Any = true };
            case 1:
                return new Principal { Header = Header() };
            case 2:
                return new Principal { UrlPath = new PathMatcher { Path = Text(Paths) } };
            case 3:
            case 4:
                return new Principal { FilterState = new FilterStateMatcher { Key = FuzzRequest.PrincipalKey, StringMatch = Text(Principals) } };
            case 5:
                return new Principal { DirectRemoteIp = Range() };
            case 6:
                return random.Next(2) == 0 ? new Principal { RemoteIp = Range() } : new Principal { SourceIp = Range() };
            case 7:
                return new Principal { Metadata = ClaimCondition() };
            case 8:
                return new Principal { Authenticated = new Principal.Types.Authenticated { PrincipalName = random.Next(3) == 0 ? null : Text(Principals) } };
            case 9:
                return new Principal { NotId = Principal(depth + 1) };
            case 10:
                return new Principal { AndIds = new Principal.Types.Set { Ids = { Some(() => Principal(depth + 1)) } } };
            default:
                return new Principal { OrIds = new Principal.Types.Set { Ids = { Some(() => Principal(depth + 1)) } } };
        }
    }

    private HeaderMatcher Header()
    {
        var matcher = new HeaderMatcher { Name = Pick(Names), InvertMatch = random.Next(3) == 0, TreatMissingHeaderAsEmpty = random.Next(4) == 0 };
        switch (random.Next(4))
        {
            case 0:
                matcher.PresentMatch = random.Next(2) == 0;
                break;
            case 1:
                matcher.RangeMatch = new Int64Range { Start = random.Next(10) - 5, End = random.Next(10) + 5 };
                break;
            default:
                matcher.StringMatch = Text(Words);
                break;
        }

        return matcher;
    }

    private StringMatcher Text(string[] words)
    {
        string word = Pick(words);
        string part = word.Length > 1 ? word[..random.Next(1, word.Length + 1)] : word;
        bool ignoreCase = random.Next(2) == 0;
        return random.Next(5) switch
        {
            0 => new StringMatcher { Exact = word, IgnoreCase = ignoreCase },
            1 => new StringMatcher { Prefix = part.Length == 0 ? "/" : part, IgnoreCase = ignoreCase },
            2 => new StringMatcher { Suffix = part.Length == 0 ? "n" : part, IgnoreCase = ignoreCase },
            3 => new StringMatcher { Contains = part.Length == 0 ? "d" : part, IgnoreCase = ignoreCase },
            _ => new StringMatcher { SafeRegex = new RegexMatcher { Regex = Pick(Patterns) } },
        };
    }

    private MetadataMatcher ClaimCondition()
    {
        var matcher = new MetadataMatcher { Filter = random.Next(10) == 0 ? "other" : FuzzRequest.MetadataFilter, Value = ValueOf(0), Invert = random.Next(4) == 0 };
        for (int i = random.Next(1, 3); i > 0; i--)
            matcher.Path.Add(new MetadataMatcher.Types.PathSegment { Key = Pick(Claims) });
        return matcher;
    }

    private ValueMatcher ValueOf(int depth) => random.Next(depth > 2 ? 3 : 5) switch
    {
        0 => new ValueMatcher { StringMatch = Text(Words) },
        1 => new ValueMatcher { PresentMatch = random.Next(2) == 0 },
        2 => new ValueMatcher { BoolMatch = random.Next(2) == 0 },
        3 => new ValueMatcher { ListMatch = new ListMatcher { OneOf = ValueOf(depth + 1) } },
        _ => new ValueMatcher { OrMatch = new OrMatcher { ValueMatchers = { ValueOf(depth + 1), ValueOf(depth + 1) } } },
    };

    private CidrRange Range()
    {
        string address = Pick(Addresses);
        return new CidrRange { AddressPrefix = address, PrefixLen = (uint)random.Next(address.Contains(':', StringComparison.Ordinal) ? 129 : 33) };
    }

    private List<T> Some<T>(Func<T> make) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => make())];

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
