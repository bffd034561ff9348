using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Http;

public sealed class HeaderWordsTests
{
    [Theory]
    [InlineData("content-type", "Content-Type")]
    [InlineData("foo$b#$are", "Foo$B#$Are")]
    [InlineData("ETAG", "Etag")]
    [InlineData("x-1st", "X-1st")]
    public void Format_Name_WordsBeginWithACapital(string name, string expected) => Assert.Equal(expected, HeaderWords.Format(name));
}
