using System.Text.Json.Nodes;
using Waypoint.Agent;
using Waypoint.Options;

namespace Waypoint.Tests.Agent;

public class NodeIdentityBuilderTests
{
    private static readonly Dictionary<string, string> None = [];

    private static Dictionary<string, string> Template() => new()
    {
        ["POD_NAME"] = "waypoint-0",
        ["POD_NAMESPACE"] = "shop",
        ["INSTANCE_IP"] = "10.0.0.5",
        ["SERVICE_ACCOUNT"] = "waypoint",
        ["TRUST_DOMAIN"] = "mesh.example",
        ["ISTIO_META_CLUSTER_ID"] = "Kubernetes",
        ["ISTIO_META_NODE_NAME"] = "node-a",
        ["ISTIO_META_WORKLOAD_NAME"] = "waypoint",
        ["PROXY_CONFIG"] = """{"discoveryAddress":"istiod.istio-system.svc:15012","proxyMetadata":{"ISTIO_META_ENABLE_HBONE":"true","OTHER":"x"}}""",
    };

    [Fact]
    public void Build_TemplateEnvironment_IdAndPrincipal()
    {
        var node = Build(Template());

        Assert.Equal("waypoint~10.0.0.5~waypoint-0.shop~shop.svc.cluster.local", node.Id);
        Assert.Equal("spiffe://mesh.example/ns/shop/sa/waypoint", node.Principal);
        Assert.Equal("Kubernetes", node.ClusterId);
        Assert.Equal("waypoint.shop", node.Cluster);
    }

    [Fact]
    public void Build_Domain_IsTheLastPart() =>
        Assert.EndsWith("~shop.svc.corp.example", Build(Template(), domain: "shop.svc.corp.example").Id, StringComparison.Ordinal);

    [Fact]
    public void Build_TemplateEnvironment_MetadataThatIstiodReads()
    {
        var metadata = Build(Template()).Metadata;

        Assert.Equal("waypoint-0", Text(metadata, "NAME"));
        Assert.Equal("shop", Text(metadata, "NAMESPACE"));
        Assert.Equal("waypoint", Text(metadata, "SERVICE_ACCOUNT"));
        Assert.Equal("node-a", Text(metadata, "NODE_NAME"));
        Assert.Equal("true", Text(metadata, "ENABLE_HBONE"));
        Assert.Equal("true", Text(metadata, "METADATA_DISCOVERY"));
        Assert.Equal("1.31.0", Text(metadata, "ISTIO_VERSION"));
        Assert.StartsWith("10.0.0.5", Text(metadata, "INSTANCE_IPS"), StringComparison.Ordinal);
        Assert.Equal(15021, (int?)metadata["ENVOY_STATUS_PORT"]);
        Assert.Equal("istiod.istio-system.svc", (string?)metadata["PILOT_SAN"]![0]);
        Assert.Equal("45s", (string?)metadata["PROXY_CONFIG"]!["drainDuration"]);
        Assert.Null(metadata["OTHER"]);
    }

    [Fact]
    public void Build_Labels_WithoutTheTemplateHashOverStaticOnes()
    {
        var variables = Template();
        variables["ISTIO_METAJSON_LABELS"] = """{"team":"a","app":"static"}""";
        variables["ISTIO_METAJSON_MORE"] = """{"PLATFORM_METADATA":{"zone":"z"}}""";

        var node = Build(variables, labels: new() { ["app"] = "shop-waypoint", ["pod-template-hash"] = "abc" });

        var labels = (JsonObject)node.Metadata["LABELS"]!;
        Assert.Equal("a", (string?)labels["team"]);
        Assert.Equal("shop-waypoint", (string?)labels["app"]);
        Assert.Null(labels["pod-template-hash"]);
        Assert.Equal("z", (string?)node.Metadata["PLATFORM_METADATA"]!["zone"]);
        Assert.Equal("shop-waypoint.shop", node.Cluster);
    }

    [Fact]
    public void Build_Generator_IsNeverSent()
    {
        var variables = Template();
        variables["ISTIO_META_GENERATOR"] = "grpc";

        Assert.Null(Build(variables).Metadata["GENERATOR"]);
    }

    [Fact]
    public void Build_RequiredVariablesMissing_AllAreNamed()
    {
        var problem = Assert.Throws<OptionProblemException>(() => Build([]));

        Assert.Equal(["POD_NAME", "POD_NAMESPACE", "SERVICE_ACCOUNT"], problem.Problems.Select(p => p.Where));
    }

    [Fact]
    public void Build_MetadataThatIsNoJson_IsNamed()
    {
        var variables = Template();
        variables["ISTIO_METAJSON_X"] = "{";

        Assert.Contains("ISTIO_METAJSON_X", Assert.Throws<OptionProblemException>(() => Build(variables)).Message, StringComparison.Ordinal);
    }

    private static NodeIdentity Build(Dictionary<string, string> variables, string? domain = null, Dictionary<string, string>? labels = null)
    {
        var environment = new ContainerEnvironment(variables);
        return NodeIdentityBuilder.Build(environment, "waypoint", domain, ProxyConfigReader.Read(environment, None), labels ?? None, None);
    }

    private static string Text(JsonObject metadata, string key) => (string?)metadata[key] ?? "";
}
