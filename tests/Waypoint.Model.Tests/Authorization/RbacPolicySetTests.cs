using System.Net;
using Waypoint.Model.Authorization;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using static Waypoint.Model.Authorization.AuthorizationRule;

namespace Waypoint.Model.Tests.Authorization;

public sealed class RbacPolicySetTests
{
    private static readonly AuthorizationRule Never = new Not(Always.Instance);

    [Fact]
    public void Evaluate_AllowWithoutPolicies_EverybodyDenied()
        => Assert.Equal(new RbacVerdict(false, null, null, "rbac_access_denied_matched_policy[none]"), new RbacPolicySet(RbacAction.Allow, []).Evaluate(new TestRequest()));

    [Fact]
    public void Evaluate_DenyWithoutPolicies_EverybodyAllowed() => Assert.True(new RbacPolicySet(RbacAction.Deny, []).Evaluate(new TestRequest()).Allowed);

    [Fact]
    public void Evaluate_AllowNothingPolicy_Denied()
    {
        RbacVerdict verdict = Set(RbacAction.Allow, ("ns[shop]-policy[nobody]-rule[0]", Never)).Evaluate(new TestRequest());
        Assert.False(verdict.Allowed);
        Assert.Null(verdict.Policy);
    }

    [Fact]
    public void Evaluate_SeveralMatch_FirstByNameInBytesNamed()
    {
        RbacPolicySet set = Set(RbacAction.Deny, ("ns[a]-policy[p]-rule[2]", Always.Instance), ("ns[a]-policy[p]-rule[10]", Always.Instance), ("ns[a]-policy[p]-rule[1]", Always.Instance));
        RbacVerdict verdict = set.Evaluate(new TestRequest());
        Assert.Equal("ns[a]-policy[p]-rule[10]", verdict.Policy);
        Assert.Equal("rbac_access_denied_matched_policy[ns[a]-policy[p]-rule[10]]", verdict.DeniedDetails);
        // Beyond the basic plane the order of UTF-16 is not the order of the bytes.
        Assert.Equal("\uFF5E", Set(RbacAction.Deny, ("\U0001F600", Always.Instance), ("\uFF5E", Always.Instance)).Evaluate(new TestRequest()).Policy);
    }

    [Fact]
    public void Evaluate_NameWithWhiteSpace_UnderscoresInDetails()
        => Assert.Equal("rbac_access_denied_matched_policy[deny_all_now]", Set(RbacAction.Deny, ("deny all\tnow", Always.Instance)).Evaluate(new TestRequest()).DeniedDetails);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Evaluate_Log_AllowedWithHint(bool matches)
    {
        RbacVerdict verdict = Set(RbacAction.Log, ("audit", matches ? Always.Instance : Never)).Evaluate(new TestRequest());
        Assert.True(verdict.Allowed);
        Assert.Equal(matches, verdict.AccessLogHint);
    }

    [Fact]
    public void Evaluate_PermissionWithoutPrincipal_NoMatch()
    {
        var set = new RbacPolicySet(RbacAction.Deny, [new RbacPolicy("a", Always.Instance, Never), new RbacPolicy("b", Never, Always.Instance)]);
        Assert.True(set.Evaluate(new TestRequest()).Allowed);
    }

    [Fact]
    public void Evaluate_ConditionFails_NoMatch()
    {
        var set = new RbacPolicySet(RbacAction.Deny,
            [new RbacPolicy("a", Always.Instance, Always.Instance, new ConditionExpression.Constant(ConditionValue.From(false)))]);
        Assert.True(set.Evaluate(new TestRequest()).Allowed);
    }

    [Fact]
    public void Evaluate_PrincipalOfClient_MatchedByFilterState()
    {
        var rule = new AnyOf([new AuthorizationRule.FilterState(FilterStateMatcher.Text(PeerPrincipal.Key, StringMatcher.Exact("spiffe://cluster.local/ns/a/sa/b")))]);
        Assert.True(Matches(rule, new TestRequest { Principal = "spiffe://cluster.local/ns/a/sa/b" }));
        Assert.False(Matches(rule, new TestRequest { Principal = "spiffe://cluster.local/ns/a/sa/bb" }));
    }

    [Fact]
    public void Evaluate_ClientWithoutPrincipal_FitsOnlyNegations()
    {
        AuthorizationRule rule = new AuthorizationRule.FilterState(FilterStateMatcher.Text(PeerPrincipal.Key, StringMatcher.Prefix("")));
        Assert.False(Matches(rule, new TestRequest()));
        Assert.True(Matches(new Not(rule), new TestRequest()));
    }

    [Theory]
    [InlineData("/admin", true)]
    [InlineData("/admin?x=/y", true)]
    [InlineData("/admin#x", true)]
    [InlineData("/admin/", false)]
    [InlineData(null, false)]
    public void Evaluate_UrlPath_WithoutQuery(string? path, bool expected)
        => Assert.Equal(expected, Matches(new UrlPath(new PathMatcher(StringMatcher.Exact("/admin"))), new TestRequest { Path = path }));

    [Theory]
    [InlineData(79, false)]
    [InlineData(80, true)]
    [InlineData(81, true)]
    [InlineData(82, false)]
    public void Evaluate_PortRange_EndExclusive(int port, bool expected)
        => Assert.Equal(expected, Matches(new DestinationPort(80, 82), new TestRequest { DestinationPort = port }));

    [Fact]
    public void Evaluate_Addresses_EachFormAsksItsOwn()
    {
        Assert.True(AddressBlock.TryCreate("10.0.0.1", 32, out AddressBlock block));
        var request = new TestRequest { DestinationAddress = null };
        IPAddress address = IPAddress.Parse("10.0.0.1");
        (AuthorizationRule Rule, TestRequest Fits)[] forms =
        [
            (new SourceAddress(block), request with { SourceAddress = address }),
            (new DirectRemoteAddress(block), request with { DirectRemoteAddress = address }),
            (new RemoteAddress(block), request with { RemoteAddress = address }),
            (new AuthorizationRule.DestinationAddress(block), request with { DestinationAddress = address }),
        ];
        for (int i = 0; i < forms.Length; i++)
        {
            for (int j = 0; j < forms.Length; j++)
                Assert.Equal(i == j, Matches(forms[i].Rule, forms[j].Fits));
        }
    }

    [Fact]
    public void Evaluate_Authenticated_UriNamesThenDnsNamesThenSubject()
    {
        var rule = new Authenticated(StringMatcher.Exact("me"));
        var tls = new TestRequest { IsTls = true, UriSans = ["u"], DnsSans = ["d"], PeerSubject = "s" };
        Assert.False(Matches(rule, tls));
        Assert.True(Matches(rule, tls with { UriSans = ["u", "me"] }));
        Assert.True(Matches(rule, tls with { DnsSans = ["d", "me"] }));
        Assert.True(Matches(rule, tls with { PeerSubject = "me" }));
        Assert.False(Matches(rule, tls with { PeerSubject = "me", IsTls = false }));
        Assert.True(Matches(new Authenticated(null), tls));
        Assert.False(Matches(new Authenticated(null), new TestRequest()));
    }

    [Fact]
    public void Evaluate_ValidatedCertificate_ValidationAndUriName()
    {
        var rule = new ValidatedCertificate(StringMatcher.Exact("me"));
        var tls = new TestRequest { IsTls = true, PeerCertificateValidated = true, UriSans = ["me"] };
        Assert.True(Matches(rule, tls));
        Assert.False(Matches(rule, tls with { PeerCertificateValidated = false }));
        Assert.False(Matches(rule, tls with { UriSans = [], DnsSans = ["me"] }));
        Assert.True(Matches(new ValidatedCertificate(null), tls));
    }

    [Fact]
    public void Evaluate_RouteMetadataWithoutRoute_NotEvenInvertedFits()
    {
        MetadataMatcher matcher = new("f", ["k"], ValueMatcher.Present(true), invert: true);
        Assert.False(Matches(new Metadata(matcher, MetadataOrigin.Route), new TestRequest()));
        Assert.True(Matches(new Metadata(matcher, MetadataOrigin.Route), new TestRequest { RouteMetadata = new FilterMetadata("f") }));
        Assert.True(Matches(new Metadata(matcher, MetadataOrigin.Dynamic), new TestRequest()));
    }

    [Fact]
    public void Evaluate_HotPath_AllocatesNothing()
    {
        Assert.True(AddressBlock.TryCreate("10.0.0.0", 8, out AddressBlock block));
        RbacPolicySet set = new(RbacAction.Deny,
        [
            new RbacPolicy("ns[a]-policy[p]-rule[0]",
                new AnyOf([new All([new AnyOf([new DestinationPort(80, 81)]), new UrlPath(new PathMatcher(StringMatcher.Prefix("/admin"))), new Header(HeaderMatcher.Value(":method", StringMatcher.Exact("POST")))])]),
                new AnyOf([new All([new Not(new AuthorizationRule.FilterState(FilterStateMatcher.Text(PeerPrincipal.Key, StringMatcher.Exact("x")))), new DirectRemoteAddress(block), new RemoteAddress(block)])])),
            new RbacPolicy("ns[a]-policy[p]-rule[1]",
                new All([Always.Instance, new RequestedServerName(StringMatcher.Suffix("y"))]),
                new Metadata(new MetadataMatcher("f", ["a"], ValueMatcher.Text(StringMatcher.Exact("q"))), MetadataOrigin.Dynamic)),
        ]);
        var rules = new RbacRules(new RbacEngine(set), new RbacEngine(set)) { ShadowPrefix = "istio_dry_run_deny_" };
        var request = new TestRequest
        {
            Headers = new HeaderLines([new(":method", "POST")]),
            Path = "/admin/x?y",
            DirectRemoteAddress = IPAddress.Parse("10.1.2.3"),
            RemoteAddress = IPAddress.Parse("::ffff:10.1.2.3"),
            DynamicMetadata = new FilterMetadata("f", ("a", MetadataValue.Of("b"))),
        };
        var other = request with { Path = "/else" };
        Assert.False(rules.Evaluate(in request).Allowed);
        Assert.True(rules.Evaluate(in other).Allowed);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _ = rules.Evaluate(in request);
            _ = rules.Evaluate(in other);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static RbacPolicySet Set(RbacAction action, params (string Name, AuthorizationRule Principal)[] policies)
        => new(action, policies.Select(p => new RbacPolicy(p.Name, Always.Instance, p.Principal)));

    private static bool Matches(AuthorizationRule rule, TestRequest request) => Set(RbacAction.Allow, ("p", rule)).Evaluate(in request).Allowed;
}
