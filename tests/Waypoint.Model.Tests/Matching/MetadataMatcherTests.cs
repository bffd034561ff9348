using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Matching;

public sealed class MetadataMatcherTests
{
    [Fact]
    public void Matches_ClaimInList_OneElementIsEnough() =>
        Assert.True(Groups(ValueMatcher.Any([Text("admins"), ValueMatcher.AnyElement(Text("admins"))])).Matches(Claims("users", "admins")));

    [Fact]
    public void Matches_NothingThere_OnlyAbsenceOrInversionFits()
    {
        Assert.False(Groups(Text("admins")).Matches(null));
        Assert.True(Groups(Text("admins"), invert: true).Matches(null));
        Assert.True(Groups(ValueMatcher.Present(false)).Matches(Claims().Without()));
        Assert.False(Groups(ValueMatcher.IsNull()).Matches(null));
    }

    [Fact]
    public void Matches_ValueOfAnotherKind_DoesNotFit()
    {
        Assert.False(Groups(ValueMatcher.Bool(false)).Matches(Claims("x")));
        Assert.False(Groups(ValueMatcher.Number(0)).Matches(Claims("x")));
    }

    private static ValueMatcher Text(string text) => ValueMatcher.Text(StringMatcher.Exact(text));

    private static MetadataMatcher Groups(ValueMatcher value, bool invert = false) => new("jwt", ["payload", "groups"], value, invert);

    private static View Claims(params string[] groups) => new(MetadataValue.Of(
        [KeyValuePair.Create("payload", MetadataValue.Of([KeyValuePair.Create("groups", MetadataValue.Of([.. groups.Select(MetadataValue.Of)]))]))]));

    private sealed class View(MetadataValue value) : IMetadataView
    {
        public MetadataValue? Get(string filter) => filter == "jwt" ? value : null;

        public View Without() => new(MetadataValue.Null);
    }
}
