using Waypoint.Model.FilterChains;
using Waypoint.Model.Paths;

namespace Waypoint.Model.Tests.Paths;

public sealed class PathNormalizerTests
{
    private static readonly PathNormalizationSettings Off = new(false, false, EscapedSlashesAction.KeepUnchanged);
    private static readonly PathNormalizationSettings Base = new(true, false, EscapedSlashesAction.KeepUnchanged);
    private static readonly PathNormalizationSettings DecodeAndMerge = new(true, true, EscapedSlashesAction.UnescapeAndForward);

    [Theory]
    [InlineData("/a/./b/../c", "/a/c")]
    [InlineData("/..", "/")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("/a/.b/..c/d.", "/a/.b/..c/d.")]
    [InlineData("/a/...", "/a/...")]
    [InlineData("\\a\\..\\b", "/b")]
    [InlineData("/a%41%7e%2d", "/aA~-")]
    [InlineData("/a%2f%5C%25%zz%", "/a%2f%5C%25%zz%")]
    [InlineData("/a b\"<>`{|}^\u007f", "/a%20b%22%3C%3E%60%7B%7C%7D%5E%7F")]
    [InlineData("/é/€/😀", "/%C3%A9/%E2%82%AC/%F0%9F%98%80")]
    [InlineData("a", "/a")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/a/../b?x=/../y&z=%2e", "/b?x=/../y&z=%2e")]
    public void Normalize_Canonical_PathOnlyInCanonicalForm(string path, string expected)
    {
        PathNormalizationResult result = PathNormalizer.Normalize(path, Base);
        Assert.Equal(new PathNormalizationResult(PathNormalizationAction.Continue, expected), result);
        Assert.Same(result.Path, PathNormalizer.Normalize(result.Path, Base).Path);
    }

    [Theory]
    [InlineData("/public/%5c..%5cprivate", "/public/private")]
    [InlineData("/a%2f%2f..%2fb", "/a/b")]
    [InlineData("/..;/admin", "/..;/admin")]
    public void Normalize_DecodeAndMerge_DotsAreResolvedBeforeSlashesAreMerged(string path, string expected)
        => Assert.Equal(expected, PathNormalizer.Normalize(path, DecodeAndMerge).Path);

    [Fact]
    public void Normalize_NulEscapedInCanonicalMode_Rejected()
    {
        Assert.Equal(PathNormalizationAction.Reject, PathNormalizer.Normalize("/a%00", Base).Action);
        Assert.Equal(PathNormalizationAction.Reject, PathNormalizer.Normalize("/a\0", Base).Action);
        Assert.Equal(PathNormalizationAction.Continue, PathNormalizer.Normalize("/a%00", Off).Action);
    }

    [Fact]
    public void Normalize_EscapedSlashInQueryOnly_NotTouched()
    {
        var reject = new PathNormalizationSettings(false, false, EscapedSlashesAction.RejectRequest);
        Assert.Equal(PathNormalizationAction.Continue, PathNormalizer.Normalize("/a?b=%2f", reject).Action);
        Assert.Equal(PathNormalizationAction.Reject, PathNormalizer.Normalize("/a%2Fb?c", reject).Action);
    }

    [Fact]
    public void Normalize_EscapedSlashAndRedirect_LocationWithQuery()
    {
        var redirect = new PathNormalizationSettings(true, true, EscapedSlashesAction.UnescapeAndRedirect);
        Assert.Equal(new PathNormalizationResult(PathNormalizationAction.Redirect, "/a/b?c=%2f"), PathNormalizer.Normalize("/a%2F%2fb?c=%2f", redirect));
        Assert.Equal(new PathNormalizationResult(PathNormalizationAction.Continue, "/a/b"), PathNormalizer.Normalize("/a//b", redirect));
    }

    [Theory]
    [InlineData("/a#b", "/a")]
    [InlineData("/a?b#c", "/a?b")]
    [InlineData("/a/../b#c?d", "/a/../b")]
    public void Normalize_Fragment_RejectedOrCut(string path, string cut)
    {
        Assert.Equal(PathNormalizationAction.Reject, PathNormalizer.Normalize(path, Off).Action);
        Assert.Equal(new PathNormalizationResult(PathNormalizationAction.Continue, cut), PathNormalizer.Normalize(path, Off with { StripFragment = true }));
    }

    [Fact]
    public void Normalize_LongPath_SameRules()
    {
        string path = "/x/.." + string.Concat(Enumerable.Repeat("/segment%2E", 2000));
        Assert.Equal(string.Concat(Enumerable.Repeat("/segment.", 2000)), PathNormalizer.Normalize(path, Base).Path);
    }

    [Theory]
    [InlineData("/reviews/7?id=%2F..")]
    [InlineData("/index.html")]
    [InlineData("/a%20b/c%2Fd")]
    public void Normalize_NothingChanges_SameObjectAndNoAllocation(string path)
    {
        _ = PathNormalizer.Normalize(path, Base);
        long before = GC.GetAllocatedBytesForCurrentThread();
        PathNormalizationResult result = PathNormalizer.Normalize(path, Base);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Same(path, result.Path);
    }
}
