using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Matching;

public sealed class MetadataValueTests
{
    [Fact]
    public void Field_ManyFieldsInAnyOrder_EveryOneIsFoundAndNoOther()
    {
        string[] names = ["sub", "iss", "aud", "exp", "", "a", "ab", "B", "é"];
        var value = MetadataValue.Of(names.Select(static name => KeyValuePair.Create(name, MetadataValue.Of(name))));
        foreach (var name in names)
            Assert.Equal(name, value.Field(name)?.Text);
        Assert.Null(value.Field("b"));
        Assert.Null(value.Field("abc"));
        Assert.Null(MetadataValue.Of("sub").Field("sub"));
    }

    [Fact]
    public void Of_NameTwice_LastOneCounts()
    {
        var value = MetadataValue.Of([Pair("a", 1), Pair("b", 2), Pair("a", 3)]);
        Assert.Equal(3, value.Field("a")!.Number);
        Assert.Equal(["a", "b"], value.Fields.Select(static field => field.Key));
    }

    [Fact]
    public void With_SomeFieldsInBoth_TheOthersWin()
    {
        var value = MetadataValue.Of([Pair("a", 1), Pair("b", 2)]).With(MetadataValue.Of([Pair("b", 3), Pair("c", 4)]));
        Assert.Equal("""{"a":1,"b":3,"c":4}""", MetadataText.Render(value));
        Assert.Same(value, value.With(MetadataValue.Null));
    }

    [Fact]
    public void Render_EveryKind_OneLineOfJson()
    {
        var value = MetadataValue.Of([
            KeyValuePair.Create("list", MetadataValue.Of([MetadataValue.Of("x<y"), MetadataValue.Null, MetadataValue.True])),
            KeyValuePair.Create("n", MetadataValue.Of(9999)),
            KeyValuePair.Create("f", MetadataValue.Of(0.5)),
            KeyValuePair.Create("inf", MetadataValue.Of(double.PositiveInfinity))]);
        Assert.Equal("""{"f":0.5,"inf":"Infinity","list":["x<y",null,true],"n":9999}""", MetadataText.Render(value));
    }

    private static KeyValuePair<string, MetadataValue> Pair(string name, double number) => KeyValuePair.Create(name, MetadataValue.Of(number));
}
