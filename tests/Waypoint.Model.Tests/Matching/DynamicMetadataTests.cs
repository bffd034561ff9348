using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Matching;

public sealed class DynamicMetadataTests
{
    private readonly DynamicMetadata _metadata = new();

    [Fact]
    public void Merge_TwoWritersOfOneName_FieldsOfBoth()
    {
        _metadata.Set("rbac", "allow_result", MetadataValue.Of("allowed"));
        _metadata.Set("rbac", "deny_result", MetadataValue.Of("denied"));
        _metadata.Set("rbac", "allow_result", MetadataValue.Of("denied"));
        _metadata.Merge("jwt", MetadataValue.Of("no struct"));
        Assert.Equal("""{"allow_result":"denied","deny_result":"denied"}""", MetadataText.Render(_metadata.Get("rbac")!));
        Assert.Equal(["rbac"], _metadata.Filters);
    }

    [Fact]
    public void Merge_FirstOfItsName_IsKeptWithoutCopy()
    {
        var claims = MetadataValue.Of([KeyValuePair.Create("payload", MetadataValue.Null)]);
        _metadata.Merge("jwt", claims);
        Assert.Same(claims, _metadata.Get("jwt"));
    }

    [Fact]
    public void Clear_AfterRequest_NothingReachesTheNext()
    {
        _metadata.Set("a", "b", MetadataValue.True);
        _metadata.Clear();
        Assert.Null(_metadata.Get("a"));
    }

    [Theory]
    [InlineData("jwt:payload:sub", "me")]
    [InlineData("jwt:payload:groups", """["a","b"]""")]
    [InlineData("jwt", """{"payload":{"groups":["a","b"],"sub":"me"}}""")]
    [InlineData("jwt:payload:sub:deeper", null)]
    [InlineData("jwt:payload:absent", null)]
    [InlineData("other:payload", null)]
    [InlineData("", null)]
    public void Render_PathOfKeys_TextAsItIsAndTheRestAsJson(string path, string? expected)
    {
        _metadata.Set("jwt", "payload", MetadataValue.Of([
            KeyValuePair.Create("sub", MetadataValue.Of("me")),
            KeyValuePair.Create("groups", MetadataValue.Of([MetadataValue.Of("a"), MetadataValue.Of("b")]))]));
        Assert.Equal(expected, MetadataText.Render(_metadata, path));
    }
}
