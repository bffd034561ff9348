using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Model.Tests.Tokens;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Tests.Filters.JwtAuthn;

public sealed class JwtAuthnFilterConfigTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_000_000);

    private readonly TestKeys _keys = new();
    private readonly DynamicMetadata _metadata = new();

    [Fact]
    public void Evaluate_TokenSeenBefore_SameResultFromMemory()
    {
        var config = Config(new JwtProviderConfig { Name = "a", Issuer = "issuer", PayloadInMetadata = "payload", ForwardPayloadHeader = "x-payload" });
        var request = Bearer("""{"iss":"issuer","sub":"me"}""");
        Assert.Equal(JwtStatus.Ok, Evaluate(config, ref request).Status);
        Assert.Equal(0, _keys.Hits);

        request = Bearer("""{"iss":"issuer","sub":"me"}""");
        Assert.Equal(JwtStatus.Ok, Evaluate(config, ref request).Status);
        Assert.Equal(1, _keys.Hits);
        Assert.Equal(0, request.Count("authorization"));
        Assert.Equal(TestTokens.Encode("""{"iss":"issuer","sub":"me"}"""), request.Get("x-payload", 0));
        Assert.Equal("me", MetadataText.Render(_metadata, $"{JwtAuthnFilterConfig.MetadataName}:payload:sub"));
    }

    [Fact]
    public void Evaluate_KnownTokenExpiresMeanwhile_Refused()
    {
        var config = Config(new JwtProviderConfig { Name = "a" });
        var request = Bearer("""{"exp":1000000}""");
        Assert.Equal(JwtStatus.Ok, Evaluate(config, ref request).Status);
        request = Bearer("""{"exp":1000000}""");
        Assert.Equal(JwtStatus.JwtExpired, Evaluate(config, ref request, Now.AddSeconds(61)).Status);
    }

    [Fact]
    public void Evaluate_KeysReplaced_KnownTokenIsVerifiedAnew()
    {
        var config = Config(new JwtProviderConfig { Name = "a" });
        var request = Bearer("{}");
        Assert.Equal(JwtStatus.Ok, Evaluate(config, ref request).Status);

        _keys.Answer = KeySetAnswer.Of(KeySet.Parse(TestTokens.KeySetText.Replace("\"k\":\"", "\"k\":\"AAAA"), new HashKeyFactory()));
        request = Bearer("{}");
        Assert.Equal(JwtStatus.JwtVerificationFail, Evaluate(config, ref request).Status);
        _keys.Answer = KeySetAnswer.Failed(JwtStatus.JwksFetchFail);
        Assert.Equal(JwtStatus.JwksFetchFail, Evaluate(config, ref request).Status);
    }

    [Fact]
    public void Evaluate_KeysMissing_NothingIsDoneToTheRequest()
    {
        var config = Config(new JwtProviderConfig { Name = "a", ForwardPayloadHeader = "x-payload", PayloadInMetadata = "payload" });
        _keys.Answer = default;
        var request = Bearer("{}");
        request.Append("x-payload", "forged");
        Assert.Equal(0, Evaluate(config, ref request).MissingKeys);
        Assert.Equal("forged", request.Get("x-payload", 0));
        Assert.Equal(1, request.Count("authorization"));
        Assert.Empty(_metadata.Filters);

        var keys = new TestKeys();
        Assert.Equal(JwtStatus.Ok, config.Evaluate(config.Rules[0].Requirement!, _keys, [keys.Answer], ref request, _metadata, Now).Status);
        Assert.Equal(TestTokens.Encode("{}"), request.Get("x-payload", 0));
    }

    [Fact]
    public void Evaluate_TokenKnownForOneProvider_IsNotGoodForAnother()
    {
        var a = new JwtProviderConfig { Name = "a", Issuer = "issuer-a" };
        var b = new JwtProviderConfig { Name = "b", Issuer = "issuer-b" };
        var config = new JwtAuthnFilterConfig("jwt") { Providers = [a, b] };
        var request = Bearer("""{"iss":"issuer-a"}""");
        Assert.Equal(JwtStatus.Ok, config.Evaluate(new TokenRequirement(TokenLocations.Of(a), 0), _keys, [], ref request, _metadata, Now).Status);
        request = Bearer("""{"iss":"issuer-a"}""");
        Assert.Equal(JwtStatus.JwtUnknownIssuer, config.Evaluate(new TokenRequirement(TokenLocations.Of(b), 1), _keys, [], ref request, _metadata, Now).Status);
    }

    [Fact]
    public void Evaluate_ClaimWithLineBreak_GetsNoHeader()
    {
        var config = Config(new JwtProviderConfig { Name = "a", ClaimHeaders = [new ClaimHeader("x-sub", ["sub"]), new ClaimHeader("x-name", ["name"])] });
        var request = Bearer("""{"sub":"me\r\nx-admin: yes","name":"Zoë"}""");
        Assert.Equal(JwtStatus.Ok, Evaluate(config, ref request).Status);
        Assert.Equal(0, request.Count("x-sub"));
        Assert.Equal("Zo\u00c3\u00ab", request.Get("x-name", 0));
    }

    [Fact]
    public void Evaluate_RefusedRequest_LeavesNoClaims()
    {
        var config = Config(new JwtProviderConfig { Name = "a", PayloadInMetadata = "payload", FailedStatusInMetadata = "failed" });
        var request = new HeaderLines([new("authorization", $"Bearer {TestTokens.Signed("{}")}"), new("authorization", "Bearer x.y.z")]);
        Assert.Equal(JwtStatus.JwtHeaderParseErrorBadBase64, Evaluate(config, ref request).Status);
        Assert.Null(MetadataText.Render(_metadata, $"{JwtAuthnFilterConfig.MetadataName}:payload"));
        Assert.Equal("5", MetadataText.Render(_metadata, $"{JwtAuthnFilterConfig.MetadataName}:failed:code"));
    }

    [Fact]
    public void Evaluate_MoreTokensThanAreLookedAt_Refused()
    {
        var config = Config(new JwtProviderConfig { Name = "a" });
        var token = $"Bearer {TestTokens.Signed("{}")}";
        var request = new HeaderLines(Enumerable.Repeat(KeyValuePair.Create("authorization", token), TokenLocations.MaxTokens + 1));
        Assert.Equal(JwtStatus.JwtMultipleTokens, Evaluate(config, ref request).Status);
    }

    [Fact]
    public void Evaluate_TokenInQuery_IsTakenOutAndTheRestStays()
    {
        var config = Config(new JwtProviderConfig { Name = "a" });
        var request = new HeaderLines([new(":path", $"/p?x=%41&access_token={TestTokens.Signed("{}")}&y&access%5Ftoken=second")]);
        Assert.Equal(JwtStatus.Ok, Evaluate(config, ref request).Status);
        Assert.Equal("/p?x=%41&y", request.Get(":path", 0));
    }

    [Fact]
    public void Evaluate_TokenThatAnEarlierPartTakesAway_IsNotThereForLaterOnes()
    {
        var a = new JwtProviderConfig { Name = "a" };
        var config = new JwtAuthnFilterConfig("jwt") { Providers = [a] };
        var part = new TokenRequirement(TokenLocations.Of(a), 0);
        var request = Bearer("{}");
        Assert.Equal(JwtStatus.JwtMissed, config.Evaluate(new AllRequirement([part, part]), _keys, [], ref request, _metadata, Now).Status);
    }

    [Fact]
    public void Evaluate_LifetimeLimits_NeedAnExpiryThatIsNearEnough()
    {
        var config = Config(new JwtProviderConfig { Name = "a", MaxLifetime = TimeSpan.FromSeconds(100) });
        Assert.Equal(JwtStatus.JwtVerificationFail, Status(config, "{}"));
        Assert.Equal(JwtStatus.JwtVerificationFail, Status(config, """{"exp":1000100}"""));
        Assert.Equal(JwtStatus.Ok, Status(config, """{"exp":1000099}"""));
        Assert.Equal(JwtStatus.JwtVerificationFail, Status(Config(new JwtProviderConfig { Name = "a", RequireExpiration = true }), "{}"));
    }

    [Fact]
    public void Evaluate_KnownToken_AllocatesNothing()
    {
        var config = Config(new JwtProviderConfig
        {
            Name = "a",
            Issuer = "issuer",
            PayloadInMetadata = "payload",
            ForwardPayloadHeader = "x-payload",
            ClaimHeaders = [new ClaimHeader("x-sub", ["sub"])],
        });
        var request = new FixedRequest($"Bearer {TestTokens.Signed("""{"iss":"issuer","sub":"me"}""")}");
        var requirement = new AnyRequirement([config.Rules[0].Requirement!], AllowMissing: true);
        Once();
        Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Once();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Once()
        {
            _metadata.Clear();
            if (config.Evaluate(requirement, _keys, [], ref request, _metadata, Now).Status != JwtStatus.Ok)
                Assert.Fail("must pass");
        }
    }

    private static JwtAuthnFilterConfig Config(JwtProviderConfig provider) => new("jwt")
    {
        Providers = [provider],
        Rules = [new JwtRule(new Model.Routes.RouteCondition { Path = Model.Routes.PathCondition.Prefix("/") }, new TokenRequirement(TokenLocations.Of(provider), 0))],
    };

    private static HeaderLines Bearer(string payload) => new([new("authorization", $"Bearer {TestTokens.Signed(payload)}")]);

    private JwtStatus Status(JwtAuthnFilterConfig config, string payload)
    {
        var request = Bearer(payload);
        return Evaluate(config, ref request).Status;
    }

    private JwtOutcome Evaluate(JwtAuthnFilterConfig config, ref HeaderLines request, DateTimeOffset? now = null) =>
        config.Evaluate(config.Rules[0].Requirement!, _keys, [], ref request, _metadata, now ?? Now);

    /// <summary>A request that stays as it is, so that nothing but the evaluation could allocate.</summary>
    private readonly struct FixedRequest(string authorization) : IMutableHeaders
    {
        public int Count(string name) => name == "authorization" ? 1 : 0;

        public string Get(string name, int index) => authorization;

        public void Set(string name, string value)
        {
        }

        public void Append(string name, string value)
        {
        }

        public void Remove(string name)
        {
        }

        public void RemoveMatching(StringMatcher name)
        {
        }
    }
}
