using Waypoint.Model.Headers;

namespace Waypoint.Model.Tests.Headers;

public sealed class HeaderFormatTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("100%%", "100%")]
    [InlineData("%REQ(X-User)%", "RequestHeader:x-user")]
    [InlineData("%REQ(x-none?X-User)%", "RequestHeader:x-user")]
    [InlineData("%REQ(x-user):7%", "Request")]
    [InlineData("<%REQ(x-none)%>", "<>")]
    [InlineData("%REQ(x-none)%", "")]
    [InlineData("%PROTOCOL% %START_TIME(%s)%", "Protocol: StartTime:%s")]
    [InlineData("%FILTER_STATE(a:PLAIN)%", "FilterState:a:PLAIN")]
    [InlineData("", "")]
    public void Render_Operators_TextWithTheirValues(string source, string expected)
    {
        Assert.True(HeaderFormat.TryParse(source, out var format, out var problem), problem);
        Assert.Equal(expected, format.Render(new Echo()));
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

    private sealed class Echo : IFormatValues
    {
        public string? Get(FormatField field, string argument) => argument == "x-none" ? null : $"{field}:{argument}";
    }
}
