using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Agent;

namespace Waypoint.Tests.Agent;

public class TokenFileTests
{
    [Fact]
    public void Read_FileReplaced_NewTokenTrimmed()
    {
        using var folder = new TemporaryFolder();
        var token = new TokenFile(folder.Write("token", "first\n"), NullLogger<TokenFile>.Instance);

        Assert.Equal("first", token.Read());
        folder.Write("token", " second ");
        Assert.Equal("second", token.Read());
    }

    [Fact]
    public void Read_NoFile_NoToken()
    {
        using var folder = new TemporaryFolder();

        Assert.Null(new TokenFile(Path.Combine(folder.Path, "token"), NullLogger<TokenFile>.Instance).Read());
    }
}
