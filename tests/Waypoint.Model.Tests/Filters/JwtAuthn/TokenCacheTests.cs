using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Tests.Tokens;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Tests.Filters.JwtAuthn;

public sealed class TokenCacheTests
{
    private static readonly KeySet Keys = KeySet.Parse(TestTokens.KeySetText, new HashKeyFactory());

    [Fact]
    public void Find_OtherKeysOrProvider_OnlyTheReading()
    {
        var cache = new TokenCache();
        var token = Remember(cache, "{}");
        Assert.NotNull(cache.Find(token, 0, Keys, 0, out _));
        Assert.Null(cache.Find(token, 0, KeySet.Parse(TestTokens.KeySetText, new HashKeyFactory()), 0, out var read));
        Assert.NotNull(read);
        Assert.Null(cache.Find(token, 0, null, 0, out _));
        Assert.Null(cache.Find(token, 1, Keys, 0, out read));
        Assert.NotNull(read);
    }

    [Fact]
    public void Find_TokenWithOneOtherCharacter_Nothing()
    {
        var cache = new TokenCache();
        var token = Remember(cache, "{}");
        Assert.Null(cache.Find(token + "A", 0, Keys, 0, out var read));
        Assert.Null(read);
    }

    [Fact]
    public void Remember_MoreTokensThanThereIsRoom_SizeIsBounded()
    {
        var cache = new TokenCache(size: 8);
        string[] tokens = [.. Enumerable.Range(0, 200).Select(i => Remember(cache, $$"""{"n":{{i}}}"""))];
        Assert.InRange(tokens.Count(token => cache.Find(token, 0, Keys, 0, out _) is not null), 1, 16);
    }

    [Fact]
    public void Remember_RowIsFull_TheExpiredGoesFirstThenTheLongestUnused()
    {
        // One row of four.
        var cache = new TokenCache(size: 1);
        var old = Remember(cache, """{"n":0}""", now: 1);
        var expired = Remember(cache, """{"n":1,"exp":50}""", now: 40);
        var used = Remember(cache, """{"n":2}""", now: 2);
        var third = Remember(cache, """{"n":3}""", now: 3);
        Assert.NotNull(cache.Find(used, 0, Keys, 100, out _));

        Remember(cache, """{"n":4}""", now: 101);
        Assert.Null(cache.Find(expired, 0, Keys, 101, out _));
        Assert.NotNull(cache.Find(third, 0, Keys, 102, out _));

        Remember(cache, """{"n":5}""", now: 103);
        Assert.Null(cache.Find(old, 0, Keys, 103, out _));
        Assert.NotNull(cache.Find(used, 0, Keys, 104, out _));
    }

    [Fact]
    public void Remember_TokenBeyondTheLimit_IsNotKept()
    {
        var cache = new TokenCache();
        var token = Remember(cache, $$"""{"n":"{{new string('x', TokenCache.MaxTokenLength)}}"}""");
        Assert.Null(cache.Find(token, 0, Keys, 0, out _));
    }

    private static string Remember(TokenCache cache, string payload, ulong now = 0)
    {
        var text = TestTokens.Signed(payload);
        Assert.Equal(JwtStatus.Ok, Jwt.Parse(text, out var token));
        cache.Remember(text, VerifiedToken.Create(token!, 0, new JwtProviderConfig { Name = "p" }), Keys, now);
        return text;
    }
}
