using Waypoint.Agent;

namespace Waypoint.Tests.Agent;

public class DownwardFileTests
{
    [Theory]
    [InlineData("a=\"b\"\n", "a", "b")]
    [InlineData("istio.io/rev=\"default\"\n", "istio.io/rev", "default")]
    [InlineData("a=\"x=\\\"y\\\"\"\n", "a", "x=\"y\"")]
    [InlineData("a=\"one\\ntwo\\t\\\\\"", "a", "one\ntwo\t\\")]
    [InlineData("a=\"\\u00e4\\xc3\\xb6\"", "a", "äö")]
    [InlineData("a=\"grün\"", "a", "grün")]
    [InlineData("a=\"\"", "a", "")]
    public void Parse_QuotedValue_IsUnquoted(string text, string key, string value) =>
        Assert.Equal(value, DownwardFile.Parse(text)[key]);

    [Theory]
    [InlineData("a=b")]
    [InlineData("a=\"unfinished")]
    [InlineData("=\"x\"")]
    [InlineData("a=\"\\q\"")]
    [InlineData("a=\"\\u12\"")]
    [InlineData("a")]
    public void Parse_LineThatIsNoPair_IsLeftOut(string line) =>
        Assert.Equal(["good"], DownwardFile.Parse($"{line}\ngood=\"1\"\n").Keys);

    [Fact]
    public void Read_NoFile_Empty() => Assert.Empty(DownwardFile.Read(Path.Combine(Path.GetTempPath(), "no-such-file-of-waypoint")));
}
