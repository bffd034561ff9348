using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Waypoint.Options;

namespace Waypoint.Agent;

/// <summary>Puts the layers of ProxyConfig together. A field of a later layer replaces the earlier one whole; only <c>proxyMetadata</c> and
/// <c>proxyHeaders</c> are merged by key.</summary>
internal static class ProxyConfigReader
{
    public const string ConfigAnnotation = "proxy.istio.io/config";
    public const string DiscoveryAnnotation = "sidecar.istio.io/discoveryAddress";
    private const string DefaultDiscovery = "istiod.istio-system.svc:15012";

    /// <exception cref="OptionProblemException">A layer is not JSON or YAML, or a field that we use has a value that cannot be.</exception>
    public static ProxyConfig Read(ContainerEnvironment environment, IReadOnlyDictionary<string, string> annotations)
    {
        var document = Defaults();
        if (int.TryParse(environment.Text(EnvironmentTable.CpuLimit), NumberStyles.None, CultureInfo.InvariantCulture, out var cores))
            document["concurrency"] = cores;
        if (environment.Text(EnvironmentTable.ProxyConfig) is { } fromEnvironment)
            Merge(document, Parse(fromEnvironment, EnvironmentTable.ProxyConfig.Name));
        if (annotations.TryGetValue(ConfigAnnotation, out var fromAnnotation))
            Merge(document, Parse(fromAnnotation, $"annotation {ConfigAnnotation}"));
        if (annotations.TryGetValue(DiscoveryAnnotation, out var discovery))
            document["discoveryAddress"] = discovery;
        return new ProxyConfig(document)
        {
            DiscoveryAddress = Text(document, "discoveryAddress") ?? DefaultDiscovery,
            PlainTextDiscovery = Text(document, "controlPlaneAuthPolicy") == "NONE",
            TerminationDrain = Duration(document, "terminationDrainDuration"),
            ServiceCluster = Text(document, "serviceCluster") ?? ProxyConfig.DefaultServiceCluster,
            ProxyMetadata = Pairs(document["proxyMetadata"]),
        };
    }

    private static JsonObject Defaults() => new()
    {
        ["binaryPath"] = "/usr/local/bin/envoy",
        ["configPath"] = "./etc/istio/proxy",
        ["controlPlaneAuthPolicy"] = "MUTUAL_TLS",
        ["discoveryAddress"] = DefaultDiscovery,
        ["drainDuration"] = "45s",
        ["proxyAdminPort"] = 15000,
        ["serviceCluster"] = ProxyConfig.DefaultServiceCluster,
        ["statNameLength"] = 189,
        ["statusPort"] = 15020,
        ["terminationDrainDuration"] = "5s",
    };

    private static JsonObject Parse(string text, string where)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            node = YamlText.TryParse(text, out var parsed) ? parsed : throw new OptionProblemException(where, text, "JSON or YAML of istio.mesh.v1alpha1.ProxyConfig");
        }
        return node switch
        {
            JsonObject found => found,
            null => [],
            _ => throw new OptionProblemException(where, text, "one object of istio.mesh.v1alpha1.ProxyConfig"),
        };
    }

    private static void Merge(JsonObject into, JsonObject layer)
    {
        foreach (var (name, value) in layer)
        {
            if (name is "proxyMetadata" or "proxyHeaders" && into[name] is JsonObject known && value is JsonObject more)
            {
                foreach (var (key, inner) in more)
                    known[key] = inner?.DeepClone();
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }

    private static string? Text(JsonObject document, string name) => document[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static TimeSpan Duration(JsonObject document, string name)
    {
        var text = Text(document, name) ?? "";
        return GoDuration.TryParse(text, out var value) ? value : throw new OptionProblemException($"ProxyConfig field {name}", text, GoDuration.Accepted);
    }

    private static Dictionary<string, string> Pairs(JsonNode? node)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in node as JsonObject ?? [])
            pairs[key] = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString() ?? "";
        return pairs;
    }
}
