using Waypoint.Model.Filters.HeaderMutation;
using Waypoint.Model.Headers;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Model.Tests.Formatting;

namespace Waypoint.Model.Tests.Headers;

public sealed class HeaderMutationListTests
{
    [Fact]
    public void Apply_StepsInOrder_EachSeesWhatTheEarlierOnesLeft() =>
        Assert.Equal(["x-b: 1"], Apply([Add("x-a", "1"), new HeaderMutation(Remove: "x-a"), Add("x-b", "1"), Add("x-b", "2", HeaderAppendAction.AddIfAbsent)]));

    [Fact]
    public void Apply_RemoveMatching_PseudoHeadersStay()
    {
        var lines = Apply([new HeaderMutation(RemoveMatching: StringMatcher.Contains("a"))], (":path", "/"), ("x-a", "1"), ("b", "2"));
        Assert.Equal([":path: /", "b: 2"], lines);
    }

    [Theory]
    [InlineData(true, "table,host,route")]
    [InlineData(false, "route,host,table")]
    public void For_SeveralLevels_TheLastWins(bool mostSpecificWins, string order)
    {
        MutationSet[] levels = [.. new[] { "table", "host", "route" }.Select(static name => new MutationSet { Request = new HeaderMutationList([Add("x-level", name)]) })];
        var config = new HeaderMutationFilterConfig("f", MutationSet.None, mostSpecificWins);
        var headers = new HeaderLines();
        var route = (HeaderMutationRouteConfig)new HeaderMutationRouteConfig([levels[2]])
            .Over(new HeaderMutationRouteConfig([levels[1]]).Over(new HeaderMutationRouteConfig([levels[0]])));
        foreach (var set in config.For(route))
            set.ApplyToRequest(ref headers, new RequestValues(headers));
        Assert.Equal(order, string.Join(',', headers.Lines.Select(static line => line.Value)));
    }

    [Fact]
    public void ApplyToRequest_QueryMutations_ParametersChanged()
    {
        var set = new MutationSet
        {
            Query =
            [
                new QueryMutation("drop", null, default),
                new QueryMutation("who", Format("%REQ(x-user)%"), HeaderAppendAction.OverwriteIfExistsOrAdd),
                new QueryMutation("absent", Format("1"), HeaderAppendAction.OverwriteIfExists),
            ],
        };
        var headers = new HeaderLines([KeyValuePair.Create(":path", "/p?drop=1&keep=%20&who=x"), KeyValuePair.Create("x-user", "a&b=c")]);
        set.ApplyToRequest(ref headers, new RequestValues(headers));
        Assert.Equal("/p?keep=%20&who=a%26b=c", headers.Get(":path", 0));
    }

    private static HeaderFormat Format(string source)
    {
        Assert.True(HeaderFormat.TryParse(source, out var format, out var problem), problem);
        return format;
    }

    private static HeaderMutation Add(string name, string value, HeaderAppendAction action = HeaderAppendAction.AppendIfExistsOrAdd) =>
        new(new HeaderAddition(name, HeaderFormat.Literal(value), action, false));

    private static string[] Apply(HeaderMutation[] steps, params (string Name, string Value)[] before)
    {
        var headers = new HeaderLines(before.Select(static line => KeyValuePair.Create(line.Name, line.Value)));
        new HeaderMutationList(steps).Apply(ref headers, new RequestValues(headers));
        return [.. headers.Lines.Select(static line => $"{line.Key}: {line.Value}")];
    }
}
