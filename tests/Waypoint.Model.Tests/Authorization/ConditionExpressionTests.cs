using Waypoint.Model.Authorization;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using static Waypoint.Model.Authorization.ConditionExpression;

namespace Waypoint.Model.Tests.Authorization;

public sealed class ConditionExpressionTests
{
    private static readonly ConditionExpression True = new Constant(ConditionValue.From(true));
    private static readonly ConditionExpression False = new Constant(ConditionValue.From(false));
    private static readonly ConditionExpression Error = Equal(new Header("absent"), "x");

    [Fact]
    public void Holds_ErrorsJoined_OnlyADecidingOperandSavesTheCondition()
    {
        Assert.False(Holds(Error));
        Assert.False(Holds(new Not(Error)));
        Assert.True(Holds(new Either(Error, True)));
        Assert.True(Holds(new Either(True, Error)));
        Assert.False(Holds(new Either(Error, False)));
        Assert.True(Holds(new Not(new Both(Error, False))));
        Assert.False(Holds(new Not(new Both(True, Error))));
        Assert.True(Holds(new Both(True, True)));
        Assert.False(Holds(new Both(True, False)));
    }

    [Fact]
    public void Holds_Comparisons_ByValueAndNeverAcrossKinds()
    {
        Assert.True(Holds(Equal(new ConditionExpression.Attribute(ConditionAttribute.RequestPath), "/a?b")));
        Assert.True(Holds(Equal(new ConditionExpression.Attribute(ConditionAttribute.RequestUrlPath), "/a")));
        Assert.True(Holds(new Comparison(new Header("x"), ConditionRelation.StartsWith, Text("1,"))));
        Assert.True(Holds(new Comparison(new Header("x"), ConditionRelation.EndsWith, Text(",2"))));
        Assert.True(Holds(new Comparison(new Header("x"), ConditionRelation.Contains, Text(","))));
        Assert.True(Holds(new Comparison(new Header("x"), ConditionRelation.NotEqual, Text("1"))));
        Assert.True(Holds(new Comparison(new ConditionExpression.Attribute(ConditionAttribute.DestinationPort), ConditionRelation.Equal, new Constant(ConditionValue.From(80.0)))));
        Assert.False(Holds(new Comparison(new ConditionExpression.Attribute(ConditionAttribute.DestinationPort), ConditionRelation.NotEqual, Text("81"))));
        Assert.True(Holds(Equal(new ConditionExpression.Metadata("f", ["k"]), "v")));
        Assert.False(Holds(new Comparison(new ConditionExpression.Metadata("f", ["none"]), ConditionRelation.NotEqual, Text("v"))));
    }

    private static Comparison Equal(ConditionExpression left, string right) => new(left, ConditionRelation.Equal, Text(right));

    private static Constant Text(string text) => new(ConditionValue.From(text));

    private static bool Holds(ConditionExpression expression) => ConditionEvaluator.Holds(expression, new TestRequest
    {
        Path = "/a?b",
        Headers = new HeaderLines([new("x", "1"), new("x", "2")]),
        DynamicMetadata = new FilterMetadata("f", ("k", MetadataValue.Of("v"))),
    });
}
