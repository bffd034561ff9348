using Waypoint.Model.AccessLogs;
using Waypoint.Model.Headers;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.AccessLogs;

public sealed class AccessLogFormatTests
{
    [Fact]
    public void Render_Text_DashForWhatIsNotThere() =>
        Assert.Equal("403 - \"/a\"\n", AccessLogFormat.OfText(Format("%RESPONSE_CODE% %RESPONSE_FLAGS% \"%REQ(:PATH)%\"")).Render(new Values()));

    [Fact]
    public void Render_TextThatEndsItsLine_NoSecondLineBreak() => Assert.Equal("403\n", AccessLogFormat.OfText(Format("%RESPONSE_CODE%\n")).Render(new Values()));

    [Fact]
    public void Render_Object_KindsAreKept()
    {
        var format = AccessLogFormat.OfObject(new AccessLogNode.Object([
            new("code", new AccessLogNode.Text(Format("%RESPONSE_CODE%"))),
            new("line", new AccessLogNode.Text(Format("%REQ(:PATH)% %RESPONSE_FLAGS%"))),
            new("none", new AccessLogNode.Text(Format("%RESPONSE_FLAGS%"))),
            new("inner", new AccessLogNode.List([new AccessLogNode.Constant(MetadataValue.True), new AccessLogNode.Text(Format("x"))])),
        ]));
        Assert.Equal("{\"code\":403,\"line\":\"/a -\",\"none\":null,\"inner\":[true,\"x\"]}\n", format.Render(new Values()));
    }

    [Fact]
    public void Render_HostileValues_OneLineOfJson()
    {
        var format = AccessLogFormat.OfObject(new AccessLogNode.Object([new("path", new AccessLogNode.Text(Format("%REQ(x-evil)%")))]));
        string line = format.Render(new Values());
        Assert.Single(line, '\n');
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
    }

    private static HeaderFormat Format(string source)
    {
        Assert.True(HeaderFormat.TryParse(source, out HeaderFormat? format, out string? problem), problem);
        return format;
    }

    private sealed class Values : IFormatValues
    {
        public string? Get(FormatField field, string argument) => (field, argument) switch
        {
            (FormatField.ResponseCode, _) => "403",
            (FormatField.RequestHeader, ":path") => "/a",
            (FormatField.RequestHeader, "x-evil") => "a\"\n{\"code\":200}\u2028",
            _ => null,
        };
    }
}
