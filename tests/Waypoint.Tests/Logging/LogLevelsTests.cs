using Microsoft.Extensions.Logging;
using Waypoint.Logging;
using Waypoint.Options;

namespace Waypoint.Tests.Logging;

public class LogLevelsTests
{
    [Fact]
    public void Of_TemplateArguments_DataPathAndAgentApart()
    {
        var levels = new LogLevels().WithDataPath("warning", "--proxyLogLevel").WithDataPath("misc:error", "--proxyComponentLogLevel").WithAgent("default:info", "--log_output_level");

        Assert.Equal(LogLevel.Warning, levels.Of("Waypoint.Proxy.Http.Anything"));
        Assert.Equal(LogLevel.Information, levels.Of("Waypoint.Agent.CertificateRotator"));
        Assert.Equal(LogLevel.Warning, levels.Of("Microsoft.AspNetCore.Server.Kestrel"));
        Assert.Equal(LogLevel.Error, levels.Of("Waypoint.Proxy.Misc"));
    }

    [Fact]
    public void Of_ScopeNamed_ItsLevel() =>
        Assert.Equal(LogLevel.Debug, new LogLevels().WithAgent("default:error,certificaterotator:debug", "--log_output_level").Of("Waypoint.Agent.CertificateRotator"));

    [Fact]
    public void WithAgent_UnknownLevel_NamesTheOption()
    {
        var problem = Assert.Throws<OptionProblemException>(() => new LogLevels().WithAgent("default:loud", "--log_output_level"));

        Assert.Contains("--log_output_level is 'default:loud'", problem.Message, StringComparison.Ordinal);
    }
}
