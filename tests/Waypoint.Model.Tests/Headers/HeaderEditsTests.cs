using Waypoint.Model.Headers;
using Waypoint.Model.Requests;
using Waypoint.Model.Tests.Formatting;

namespace Waypoint.Model.Tests.Headers;

public sealed class HeaderEditsTests
{
    [Fact]
    public void Apply_RemoveAndAddOfOneHeader_RemovalComesFirst() =>
        Assert.Equal(["new"], Apply(["h"], [Add("new", HeaderAppendAction.AppendIfExistsOrAdd)], "old"));

    [Theory]
    [InlineData(HeaderAppendAction.AppendIfExistsOrAdd, "old,new")]
    [InlineData(HeaderAppendAction.AddIfAbsent, "old")]
    [InlineData(HeaderAppendAction.OverwriteIfExistsOrAdd, "new")]
    [InlineData(HeaderAppendAction.OverwriteIfExists, "new")]
    public void Apply_HeaderExists_AsTheActionSays(HeaderAppendAction action, string expected) =>
        Assert.Equal(expected.Split(','), Apply([], [Add("new", action)], "old"));

    [Theory]
    [InlineData(HeaderAppendAction.AppendIfExistsOrAdd, 1)]
    [InlineData(HeaderAppendAction.AddIfAbsent, 1)]
    [InlineData(HeaderAppendAction.OverwriteIfExistsOrAdd, 1)]
    [InlineData(HeaderAppendAction.OverwriteIfExists, 0)]
    public void Apply_HeaderMissing_AsTheActionSays(HeaderAppendAction action, int count) =>
        Assert.Equal(count, Apply([], [Add("new", action)]).Count);

    [Fact]
    public void Apply_AdditionBeforeReplacement_AdditionSurvives() =>
        Assert.Equal(["set", "added"], Apply([], [Add("added", HeaderAppendAction.AppendIfExistsOrAdd), Add("set", HeaderAppendAction.OverwriteIfExistsOrAdd)], "old"));

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Apply_EmptyValue_OnlyIfItIsKept(bool keep, int count) =>
        Assert.Equal(count, Apply([], [new HeaderAddition("h", HeaderFormat.Literal(""), HeaderAppendAction.AppendIfExistsOrAdd, keep)]).Count);

    private static HeaderAddition Add(string value, HeaderAppendAction action) => new("h", HeaderFormat.Literal(value), action, false);

    private static List<string> Apply(string[] remove, HeaderAddition[] add, params string[] before)
    {
        var headers = new HeaderLines(before.Select(static value => KeyValuePair.Create("h", value)));
        new HeaderEdits(remove, add).Apply(ref headers, new RequestValues(new HeaderLines()));
        return [.. headers.Lines.Select(static line => line.Value)];
    }
}
