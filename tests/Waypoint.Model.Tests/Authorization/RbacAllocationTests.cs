using System.Net;
using Waypoint.Model.Authorization;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using static Waypoint.Model.Authorization.AuthorizationRule;

namespace Waypoint.Model.Tests.Authorization;

/// <summary>Policies are asked for every request: whatever their number and form, asking them costs no memory.</summary>
public sealed class RbacAllocationTests
{
    private const int Policies = 500;
    private const int Rounds = 50;

    private static readonly MetadataValue Payload = MetadataValue.Of([
        KeyValuePair.Create("iss", MetadataValue.Of("https://issuer.example")),
        KeyValuePair.Create("roles", MetadataValue.Of([MetadataValue.Of("viewer"), MetadataValue.Of("editor")]))]);

    [Theory]
    [InlineData(RbacAction.Allow)]
    [InlineData(RbacAction.Deny)]
    [InlineData(RbacAction.Log)]
    public void Evaluate_500PoliciesOfEveryForm_NothingAllocated(RbacAction action)
    {
        var set = new RbacPolicySet(action, Enumerable.Range(0, Policies).Select(Policy));
        var request = new TestRequest
        {
            Path = "/somewhere/else?x=1",
            Headers = new HeaderLines([new(":method", "GET"), new(":authority", "shop.example"), new("x-role", "viewer"), new("x-role", "editor")]),
            SourceAddress = IPAddress.Parse("10.1.2.3"),
            DirectRemoteAddress = IPAddress.Parse("10.1.2.3"),
            RemoteAddress = IPAddress.Parse("fd00::1"),
            DynamicMetadata = new FilterMetadata("envoy.filters.http.jwt_authn", ("payload", Payload)),
            UriSans = ["spiffe://cluster.local/ns/a/sa/b"],
            IsTls = true,
        };
        RbacVerdict verdict = set.Evaluate(request);
        set.Evaluate(request);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
            verdict = set.Evaluate(request);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Null(verdict.Policy);
        Assert.Equal(0, allocated);
    }

    private static RbacPolicy Policy(int number)
    {
        Assert.True(AddressBlock.TryCreate("10.9.0.0", 16, out AddressBlock block));
        AuthorizationRule permission = (number % 6) switch
        {
            0 => new UrlPath(new PathMatcher(StringMatcher.Prefix($"/area-{number}/", ignoreCase: true))),
            1 => new UrlPath(new PathMatcher(Regex($"/area-{number}/.*"))),
            2 => new UriTemplate(Template($"/users/*/orders-{number}/**")),
            3 => new Header(HeaderMatcher.Value("x-role", StringMatcher.Contains($"role-{number}"))),
            4 => new DestinationPort(8000 + number, 8001 + number),
            _ => new AuthorizationRule.Metadata(new MetadataMatcher("envoy.filters.http.jwt_authn", ["payload", "roles"],
                ValueMatcher.AnyElement(ValueMatcher.Text(StringMatcher.Exact($"role-{number}")))), MetadataOrigin.Dynamic),
        };
        AuthorizationRule principal = (number % 3) switch
        {
            0 => new DirectRemoteAddress(block),
            1 => new Authenticated(StringMatcher.Suffix($"/sa/{number}")),
            _ => new Not(new RemoteAddress(block)),
        };
        return new RbacPolicy($"ns[a]-policy[p{number}]-rule[0]", new All([Always.Instance, permission]), new AnyOf([principal, principal]));
    }

    private static StringMatcher Regex(string pattern)
    {
        Assert.True(StringMatcher.TryRegex(pattern, out StringMatcher? matcher, out _));
        return matcher;
    }

    private static PathTemplate Template(string source)
    {
        Assert.True(PathTemplate.TryParse(source, out PathTemplate? template, out _));
        return template;
    }
}
