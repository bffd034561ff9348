using Waypoint.Model.Headers;
using Waypoint.Model.Requests;
using Waypoint.Model.Tests.Formatting;

namespace Waypoint.Model.Tests.Headers;

public sealed class HeaderFormatTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("100%%", "100%")]
    [InlineData("%REQ(X-User)%", "somebody")]
    [InlineData("%REQ(x-none?X-User)%", "somebody")]
    [InlineData("%REQ(x-user):4%", "some")]
    [InlineData("<%REQ(x-none)%>", "<>")]
    [InlineData("%REQ(x-none)%", "")]
    [InlineData("%PROTOCOL% %START_TIME(%s)%", "HTTP/1.1 1522796769")]
    [InlineData("%FILTER_STATE(key:PLAIN)%", "a \"state\"")]
    [InlineData("", "")]
    public void Render_Operators_TextWithTheirValues(string source, string expected)
    {
        Assert.True(HeaderFormat.TryParse(source, out var format, out var problem), problem);
        Assert.Equal(expected, format.Render(new RequestValues(new HeaderLines([KeyValuePair.Create("x-user", "somebody")]))));
    }

    [Theory]
    [InlineData("%NOT_AN_OPERATOR%", "%NOT_AN_OPERATOR%")]
    [InlineData("50% off", "lone percent sign")]
    [InlineData("%PROTOCOL", "closing percent sign")]
    [InlineData("%REQ(x", "closing parenthesis")]
    [InlineData("%REQ%", "argument")]
    [InlineData("%PROTOCOL(x)%", "takes none")]
    [InlineData("%REQ(x):%", "closing percent sign")]
    public void TryParse_NotAFormat_RefusedWithReason(string source, string reason)
    {
        Assert.False(HeaderFormat.TryParse(source, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }
}
