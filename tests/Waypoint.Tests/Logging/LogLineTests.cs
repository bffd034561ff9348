using Microsoft.Extensions.Logging;
using Waypoint.Logging;

namespace Waypoint.Tests.Logging;

public class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2030, 1, 2, 3, 4, 5, 600, TimeSpan.Zero);

    [Fact]
    public void Text_MessageWithLineBreak_StaysOneLine() =>
        Assert.Equal("2030-01-02T03:04:05.600000Z\tinfo\tads\tone | two", LogLine.Text(Time, LogLevel.Information, "ads", "one\r\ntwo"));

    [Fact]
    public void Json_MessageWithQuote_IsOneObject()
    {
        using var parsed = System.Text.Json.JsonDocument.Parse(LogLine.Json(Time, LogLevel.Warning, "ads", "a \"b\"\n"));

        Assert.Equal("a \"b\"\n", parsed.RootElement.GetProperty("msg").GetString());
        Assert.Equal("warn", parsed.RootElement.GetProperty("level").GetString());
    }
}
