using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Waypoint.Options;

namespace Waypoint.Agent;

/// <summary>Assembles the node from the container's environment, in the order in which later sources win: proxyMetadata, <c>ISTIO_META_*</c>,
/// <c>ISTIO_METAJSON_*</c>, then the fields with a source of their own.</summary>
internal static class NodeIdentityBuilder
{
    /// <summary>The Istio release whose resources we understand; istiod sends older shapes to older versions.</summary>
    public const string CompatibleIstioVersion = "1.31.0";

    private const string MetadataPrefix = "ISTIO_META_";
    private static readonly string[] NumberKeys = ["ENVOY_STATUS_PORT", "ENVOY_PROMETHEUS_PORT", "ENVOY_SECURE_METRICS_PORT", "ENVOY_SECURE_MERGED_METRICS_PORT"];
    private static readonly string[] ServiceLabels = ["app", "app.kubernetes.io/name", "service.istio.io/canonical-name"];

    /// <param name="environment">Of the container.</param>
    /// <param name="nodeType">First argument of <c>proxy</c>: <c>waypoint</c>.</param>
    /// <param name="domain">Argument <c>--domain</c>, or null for <c>NAMESPACE.svc.cluster.local</c>.</param>
    /// <param name="config">Effective ProxyConfig.</param>
    /// <param name="labels">Of the pod.</param>
    /// <param name="annotations">Of the pod.</param>
    /// <exception cref="OptionProblemException">What istiod cannot do without is missing; all of it is named.</exception>
    public static NodeIdentity Build(ContainerEnvironment environment, string nodeType, string? domain, ProxyConfig config,
        IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> annotations)
    {
        var problems = new List<OptionProblem>();
        var pod = Required(environment, EnvironmentTable.PodName, problems);
        var podNamespace = Required(environment, EnvironmentTable.PodNamespace, problems);
        var account = Required(environment, EnvironmentTable.ServiceAccount, problems);
        if (problems.Count > 0)
            throw new OptionProblemException(problems);

        var addresses = Addresses(environment);
        var metadata = new JsonObject();
        foreach (var (name, value) in config.ProxyMetadata)
        {
            if (name.StartsWith(MetadataPrefix, StringComparison.Ordinal))
                metadata[name[MetadataPrefix.Length..]] = Typed(name[MetadataPrefix.Length..], value);
        }
        foreach (var (name, value) in environment.Family(EnvironmentTable.Metadata))
            metadata[name] = Typed(name, value);
        MergeJson(environment, metadata);

        metadata["NAME"] = pod;
        metadata["NAMESPACE"] = podNamespace;
        metadata["SERVICE_ACCOUNT"] = account;
        metadata["INSTANCE_IPS"] = string.Join(',', addresses.Select(a => a.ToString()));
        metadata["PROXY_CONFIG"] = config.Document.DeepClone();
        metadata.TryAdd("ISTIO_VERSION", CompatibleIstioVersion);
        metadata.TryAdd("ENVOY_STATUS_PORT", 15021);
        metadata.TryAdd("ENVOY_PROMETHEUS_PORT", 15090);
        metadata.TryAdd("METADATA_DISCOVERY", "true");
        if (!config.PlainTextDiscovery)
            metadata["PILOT_SAN"] = new JsonArray(HostAndPort.HostOf(config.DiscoveryAddress));
        AddLabels(metadata, labels);
        if (annotations.Count > 0)
            metadata["ANNOTATIONS"] = Object(annotations);
        // Chooses another generator in istiod, which then sends no listeners at all.
        metadata.Remove("GENERATOR");

        var trustDomain = environment.Text(EnvironmentTable.TrustDomain) ?? "cluster.local";
        return new NodeIdentity
        {
            Id = $"{nodeType}~{addresses[0]}~{pod}.{podNamespace}~{domain ?? $"{podNamespace}.svc.cluster.local"}",
            Cluster = ServiceCluster(config, metadata, labels, podNamespace),
            Metadata = metadata,
            ClusterId = metadata["CLUSTER_ID"]?.ToString(),
            Principal = $"spiffe://{trustDomain}/ns/{podNamespace}/sa/{account}",
        };
    }

    private static string Required(ContainerEnvironment environment, EnvironmentVariable variable, List<OptionProblem> problems)
    {
        if (environment.Text(variable) is { } value)
            return value;
        problems.Add(new OptionProblem(variable.Name, null, variable.Accepted, "istiod's pod template sets it; outside a pod set it by hand or use 'waypoint run'."));
        return "";
    }

    private static JsonValue Typed(string name, string value) =>
        NumberKeys.Contains(name) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(value);

    private static void MergeJson(ContainerEnvironment environment, JsonObject metadata)
    {
        foreach (var (name, value) in environment.Family(EnvironmentTable.MetadataJson))
        {
            JsonObject? found;
            try
            {
                found = JsonNode.Parse(value) as JsonObject;
            }
            catch (JsonException)
            {
                found = null;
            }
            if (found is null)
                throw new OptionProblemException("ISTIO_METAJSON_" + name, value, EnvironmentTable.MetadataJson.Accepted);
            if (name == "LABELS")
                metadata["STATIC_LABELS"] = found;
            else
                foreach (var (key, inner) in found)
                    metadata[key] = inner?.DeepClone();
        }
    }

    private static void AddLabels(JsonObject metadata, IReadOnlyDictionary<string, string> labels)
    {
        var all = metadata["STATIC_LABELS"]?.DeepClone() as JsonObject ?? [];
        foreach (var (name, value) in labels)
        {
            // Differs between revisions of one Deployment and would split everything that groups by labels.
            if (name != "pod-template-hash")
                all[name] = value;
        }
        if (all.Count > 0)
            metadata["LABELS"] = all;
    }

    private static string ServiceCluster(ProxyConfig config, JsonObject metadata, IReadOnlyDictionary<string, string> labels, string podNamespace)
    {
        if (config.ServiceCluster != ProxyConfig.DefaultServiceCluster)
            return config.ServiceCluster;
        foreach (var label in ServiceLabels)
        {
            if (labels.TryGetValue(label, out var name) && name.Length > 0)
                return $"{name}.{podNamespace}";
        }
        return $"{metadata["WORKLOAD_NAME"]?.ToString() ?? config.ServiceCluster}.{podNamespace}";
    }

    /// <summary>INSTANCE_IP first, then what the interfaces have; never empty.</summary>
    private static List<IPAddress> Addresses(ContainerEnvironment environment)
    {
        var found = new List<IPAddress>();
        if (IPAddress.TryParse(environment.Text(EnvironmentTable.InstanceIp), out var named))
            found.Add(named);
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var address in network.GetIPProperties().UnicastAddresses.Select(a => a.Address))
            {
                var usable = address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address)
                    && !address.IsIPv6LinkLocal && !(address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);
                if (usable && !found.Contains(address))
                    found.Add(address);
            }
        }
        if (found.Count == 0)
            found.AddRange([IPAddress.Loopback, IPAddress.IPv6Loopback]);
        return found;
    }

    private static JsonObject Object(IReadOnlyDictionary<string, string> pairs)
    {
        var made = new JsonObject();
        foreach (var (name, value) in pairs)
            made[name] = value;
        return made;
    }
}
