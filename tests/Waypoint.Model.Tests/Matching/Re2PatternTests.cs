using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Matching;

public sealed class Re2PatternTests
{
    [Theory]
    [InlineData("a.c", "abc", true)]
    [InlineData("a.c", "a\nc", false)]
    [InlineData("(?s)a.c", "a\nc", true)]
    [InlineData("abc", "abcd", false)]
    [InlineData("a|ab", "ab", true)]
    [InlineData("ab$", "ab\n", false)]
    [InlineData("(?m)a$\nb", "a\nb", true)]
    [InlineData("[[:alpha:]]+", "abc", true)]
    [InlineData("[[:alpha:]]+", ":alph", false)]
    [InlineData("[[:^digit:]x]+", "ax", true)]
    [InlineData("[^[:space:]]+", "a b", false)]
    [InlineData(@"\d+", "123", true)]
    [InlineData(@"\d+", "١٢٣", false)]
    [InlineData(@"\w+", "é", false)]
    [InlineData(@"\s", "\v", false)]
    [InlineData(@"[\D]+", "ab", true)]
    [InlineData(@"[\W\d]+", "1-", true)]
    [InlineData(@"\pN+", "1²", true)]
    [InlineData(@"\p{^L}+", "12", true)]
    [InlineData(@"\PL+", "ab", false)]
    [InlineData(@"[\p{Lu}0]+", "A0", true)]
    [InlineData(@"\Qa.b*\E+", "a.b**", true)]
    [InlineData(@"\Qa.b", "axb", false)]
    [InlineData(@"\x41\x{42}\103", "ABC", true)]
    [InlineData(@"\x{1F600}+", "😀😀", true)]
    [InlineData("(?P<year>[0-9]{4})-(?<month>[0-9]{2})", "2026-11", true)]
    [InlineData("(?i)get|post", "POST", true)]
    [InlineData("(?i:g)et", "GET", false)]
    [InlineData("a{2}", "aa", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("a{2}{", "aa{", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("[a-]+", "a-", true)]
    [InlineData("[a-b-d]+", "a-d", true)]
    [InlineData("[a-b-d]+", "c", false)]
    [InlineData("[a-z-[aeiou]]", "b]", true)]
    [InlineData("[a-z-[aeiou]]", "b", false)]
    [InlineData("", "", true)]
    [InlineData("(|a)b", "b", true)]
    [InlineData("a b#c", "a b#c", true)]
    [InlineData("(?U)a+", "aaa", true)]
    [InlineData(@"/api/v\d+/.*", "/api/v1/x/y", true)]
    public void TryCompile_WholeInput_MatchesAsRe2(string pattern, string input, bool expected)
    {
        Assert.True(Re2Pattern.TryCompile(pattern, wholeInput: true, out var compiled, out var problem), problem);
        Assert.Equal(expected, compiled.IsMatch(input));
    }

    [Theory]
    [InlineData("+a", "no argument for repetition operator: +")]
    [InlineData("a|*", "no argument for repetition operator: *")]
    [InlineData("a**", "bad repetition operator")]
    [InlineData("a*+", "bad repetition operator")]
    [InlineData("a{2}{3}", "bad repetition operator")]
    [InlineData("a{1001}", "invalid repetition size")]
    [InlineData("a{2,1}", "invalid repetition size")]
    [InlineData("(a", "missing )")]
    [InlineData("a)", "unexpected )")]
    [InlineData("[a", "missing ]")]
    [InlineData("[b-a]", "bad character class range")]
    [InlineData("[[:letter:]]", "invalid character class range")]
    [InlineData(@"(a)\1", "escape sequence")]
    [InlineData(@"a\Z", "escape sequence")]
    [InlineData(@"\C", "escape sequence")]
    [InlineData(@"\u0041", "escape sequence")]
    [InlineData(@"\p{Greek}", "scripts are not supported")]
    [InlineData("(?=a)", "group syntax")]
    [InlineData("(?<!a)b", "named capture group")]
    [InlineData("(?>a)", "group syntax")]
    [InlineData("(?#note)", "group syntax")]
    [InlineData("(?x) a", "group syntax")]
    [InlineData("(?P<a>.)(?P<a>.)", "duplicate capture group name")]
    [InlineData("a\\", "trailing backslash")]
    [InlineData("(a{1000}){1000}", "too large")]
    public void TryCompile_NotInRe2OrUnsupported_RefusedWithReason(string pattern, string reason)
    {
        Assert.False(Re2Pattern.TryCompile(pattern, wholeInput: true, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    /// <summary>The differences that docs/compatibility.md names: RE2 says the opposite in both.</summary>
    [Theory]
    [InlineData(@"a\bé", "aé")]
    [InlineData("a.b", "a😀b")]
    public void TryCompile_BeyondAsciiAndTheBasicPlane_DiffersAsDocumented(string pattern, string input)
    {
        Assert.True(Re2Pattern.TryCompile(pattern, wholeInput: true, out var compiled, out var problem), problem);
        Assert.DoesNotMatch(compiled, input);
    }

    [Fact]
    public void TryCompile_NamedGroups_NumberedInOrderOfAppearance()
    {
        Assert.True(Re2Pattern.TryCompile("(?P<one>a)(b)(?P<three>c)", wholeInput: true, out var compiled, out _));
        var match = compiled.Match("abc");
        Assert.Equal(["a", "b", "c"], match.Groups.Values.Skip(1).Select(static group => group.Value));
    }

    [Fact]
    public void IsMatch_NestedRepetition_LinearTime()
    {
        Assert.True(Re2Pattern.TryCompile("(a+)+b", wholeInput: true, out var compiled, out _));
        Assert.DoesNotMatch(compiled, new string('a', 100_000));
    }
}
