using Waypoint.Agent;
using Waypoint.Options;

namespace Waypoint.Tests.Agent;

public class ProxyConfigReaderTests
{
    private static readonly Dictionary<string, string> NoAnnotations = [];

    [Fact]
    public void Read_NothingSet_Defaults()
    {
        var config = ProxyConfigReader.Read(Environment([]), NoAnnotations);

        Assert.Equal("istiod.istio-system.svc:15012", config.DiscoveryAddress);
        Assert.Equal(TimeSpan.FromSeconds(5), config.TerminationDrain);
        Assert.False(config.PlainTextDiscovery);
        Assert.Equal("45s", (string?)config.Document["drainDuration"]);
    }

    [Fact]
    public void Read_EnvironmentThenAnnotation_AnnotationWins()
    {
        var environment = Environment(new() { ["PROXY_CONFIG"] = """{"discoveryAddress":"a:1","terminationDrainDuration":"7s","proxyMetadata":{"A":"1","B":"1"}}""" });

        var config = ProxyConfigReader.Read(environment, new Dictionary<string, string>
        {
            ["proxy.istio.io/config"] = "terminationDrainDuration: 20s\nconcurrency: 4\nproxyMetadata:\n  B: \"2\"\n",
        });

        Assert.Equal("a:1", config.DiscoveryAddress);
        Assert.Equal(TimeSpan.FromSeconds(20), config.TerminationDrain);
        Assert.Equal(4L, (long?)config.Document["concurrency"]);
        Assert.Equal("1", config.ProxyMetadata["A"]);
        Assert.Equal("2", config.ProxyMetadata["B"]);
    }

    [Fact]
    public void Read_ProxyConfigAsYaml_IsRead()
    {
        var config = ProxyConfigReader.Read(Environment(new() { ["PROXY_CONFIG"] = "discoveryAddress: istiod-canary.istio-system.svc:15012\ncontrolPlaneAuthPolicy: NONE" }), NoAnnotations);

        Assert.Equal("istiod-canary.istio-system.svc:15012", config.DiscoveryAddress);
        Assert.True(config.PlainTextDiscovery);
    }

    [Fact]
    public void Read_DiscoveryAnnotation_GoesBeforeAll()
    {
        var config = ProxyConfigReader.Read(Environment(new() { ["PROXY_CONFIG"] = """{"discoveryAddress":"a:1"}""" }), new Dictionary<string, string> { ["sidecar.istio.io/discoveryAddress"] = "b:2" });

        Assert.Equal("b:2", config.DiscoveryAddress);
    }

    [Fact]
    public void Read_CpuLimit_IsReportedUnlessTheConfigSays()
    {
        Assert.Equal(3, (int?)ProxyConfigReader.Read(Environment(new() { ["ISTIO_CPU_LIMIT"] = "3" }), NoAnnotations).Document["concurrency"]);
        Assert.Equal(1, (int?)ProxyConfigReader.Read(Environment(new() { ["ISTIO_CPU_LIMIT"] = "3", ["PROXY_CONFIG"] = """{"concurrency":1}""" }), NoAnnotations).Document["concurrency"]);
    }

    [Theory]
    [InlineData("[1]", "PROXY_CONFIG")]
    [InlineData("{a: [", "PROXY_CONFIG")]
    [InlineData("{\"terminationDrainDuration\":\"soon\"}", "terminationDrainDuration")]
    public void Read_ThatCannotBe_NamesThePlace(string text, string named)
    {
        var problem = Assert.Throws<OptionProblemException>(() => ProxyConfigReader.Read(Environment(new() { ["PROXY_CONFIG"] = text }), NoAnnotations));

        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    private static ContainerEnvironment Environment(Dictionary<string, string> variables) => new(variables);
}
