using System.Net;
using Waypoint.Model.Hashing;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Model.Tests.Hashing;

public sealed class RequestHasherTests
{
    private static readonly HashPolicy ByUser = new HashPolicy.Header("x-user", null, false);

    [Fact]
    public void Compute_NoHeader_NoHash() => Assert.Null(Compute([ByUser]).Value);

    [Fact]
    public void Compute_OneLine_HashOfItsValue() => Assert.Equal(XxHash64.Of("mia"), Compute([ByUser], ("x-user", "mia")).Value);

    [Fact]
    public void Compute_LinesInAnyOrder_SameHash() =>
        Assert.Equal(Compute([ByUser], ("x-user", "a"), ("x-user", "b")).Value, Compute([ByUser], ("x-user", "b"), ("x-user", "a")).Value);

    [Fact]
    public void Compute_SamePolicyTwice_DoesNotCancelItself() => Assert.NotEqual(0UL, Compute([ByUser, ByUser], ("x-user", "mia")).Value);

    [Fact]
    public void Compute_TerminalFound_LaterPoliciesNotAsked() =>
        Assert.Equal(XxHash64.Of("mia"), Compute([ByUser with { Terminal = true }, new HashPolicy.SourceIp(false)], ("x-user", "mia")).Value);

    [Fact]
    public void Compute_TerminalFoundNothingButEarlierDid_Ends()
    {
        HashPolicy[] policies = [ByUser, new HashPolicy.QueryParameter("absent", true), new HashPolicy.SourceIp(false)];
        Assert.Equal(XxHash64.Of("mia"), Compute(policies, ("x-user", "mia")).Value);
    }

    [Theory]
    [InlineData("lab=abc", "abc")]
    [InlineData("other=1; lab=abc; lab=def", "abc")]
    [InlineData("lab=\"abc\"", "abc")]
    [InlineData("xlab=1;lab=abc", "abc")]
    [InlineData("lab=a=b", "a=b")]
    public void Compute_Cookie_HashOfItsValue(string line, string value) =>
        Assert.Equal(XxHash64.Of(value), Compute([new HashPolicy.Cookie("lab", null, "", [], false)], ("cookie", line)).Value);

    [Theory]
    [InlineData("")]
    [InlineData("lab")]
    [InlineData("labx=1")]
    [InlineData(";;=;")]
    public void Compute_NoSuchCookie_NoHash(string line) =>
        Assert.Null(Compute([new HashPolicy.Cookie("lab", null, "", [], false)], ("cookie", line)).Value);

    [Fact]
    public void Compute_CookieMissingWithLifetime_MadeAndHashed()
    {
        var policy = new HashPolicy.Cookie("lab", TimeSpan.FromSeconds(60), "/shop", [KeyValuePair.Create("SameSite", "Lax"), KeyValuePair.Create("Secure", "")], false);
        RequestHash hash = Compute([policy]);
        GeneratedCookie cookie = Assert.Single(hash.Cookies!);
        Assert.Equal(XxHash64.Of(cookie.Value), hash.Value);
        Assert.Matches("^lab=\"[0-9a-f]{16}\"; Max-Age=60; Path=/shop; SameSite=Lax; Secure; HttpOnly$", cookie.ToHeader());
        // The client's next request, with the cookie, goes where this one went.
        Assert.Equal(hash.Value, Compute([policy], ("cookie", $"lab=\"{cookie.Value}\"")).Value);
    }

    [Fact]
    public void ToHeader_LifetimeZero_SessionCookie()
    {
        GeneratedCookie cookie = Assert.Single(Compute([new HashPolicy.Cookie("s", TimeSpan.Zero, "", [], false)]).Cookies!);
        Assert.Matches("^s=\"[0-9a-f]{16}\"; HttpOnly$", cookie.ToHeader());
    }

    [Fact]
    public void OfAddress_MappedAddress_SameAsPlain() =>
        Assert.Equal(RequestHasher.OfAddress(IPAddress.Parse("10.1.2.3")), RequestHasher.OfAddress(IPAddress.Parse("::ffff:10.1.2.3")));

    [Fact]
    public void Compute_HotPath_AllocatesNothing()
    {
        HashPolicy[] policies = [ByUser, new HashPolicy.SourceIp(false), new HashPolicy.QueryParameter("q", false), new HashPolicy.Cookie("lab", null, "", [], false)];
        var headers = new HeaderLines([KeyValuePair.Create("x-user", "mia"), KeyValuePair.Create("cookie", "a=b; lab=c")]);
        IPAddress source = IPAddress.Parse("10.1.2.3");
        Many();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Many();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Many()
        {
            for (int i = 0; i < 1000; i++)
                _ = RequestHasher.Compute(policies, new RequestHashInput<HeaderLines> { Headers = headers, Path = "/?q=1", Source = source });
        }
    }

    private static RequestHash Compute(HashPolicy[] policies, params (string Name, string Value)[] headers) =>
        RequestHasher.Compute(policies, new RequestHashInput<HeaderLines>
        {
            Headers = new HeaderLines(headers.Select(h => KeyValuePair.Create(h.Name, h.Value))),
            Path = "/",
            Source = IPAddress.Parse("10.1.2.3"),
            CookieSeed = 5,
        });
}
