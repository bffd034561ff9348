using Waypoint.Model.Edge;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Edge;

public sealed class TraceDecisionTests
{
    private const string Untraced = "125a4afb-6f55-44ba-ad80-413f09f48a28";

    [Theory]
    [InlineData(false, false, true, TraceReason.NotTraceable, '4')]
    [InlineData(false, true, true, TraceReason.Sampling, '9')]
    [InlineData(true, true, true, TraceReason.ClientForced, 'b')]
    [InlineData(true, true, false, TraceReason.NotTraceable, '4')]
    public void Decide_WishAndDraws_DecisionStandsInTheIdentifier(bool client, bool random, bool overall, TraceReason expected, char mark)
    {
        var headers = new HeaderLines();
        headers.Append("x-request-id", Untraced);
        headers.Append("x-client-trace-id", "wish");
        Assert.Equal(expected, TraceDecision.Decide(ref headers, new TraceDraws(client, random, overall)));
        Assert.Equal(mark, headers.Get("x-request-id", 0)[14]);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("")]
    public void Decide_IdentifierOfAnotherForm_LeftAlone(string id)
    {
        var headers = new HeaderLines();
        headers.Append("x-request-id", id);
        Assert.Equal(TraceReason.NotTraceable, TraceDecision.Decide(ref headers, new TraceDraws(true, true, true)));
        Assert.Equal(id, headers.Get("x-request-id", 0));
    }
}
