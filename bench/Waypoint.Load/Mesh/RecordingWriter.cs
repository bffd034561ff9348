using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Protos.Istio.Workload;

namespace Waypoint.Load.Mesh;

/// <summary>Writes a mesh in the form of a recording: one <c>DeltaDiscoveryResponse</c> per file, <c>index.json</c> with their order, <c>node.json</c>.
/// Every text passes through the declared messages, so a field that does not exist stops the writer.</summary>
internal sealed class RecordingWriter(string folder)
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithTypeRegistry(ProtoRegistry.Types));

    private readonly JsonArray _index = [];
    private int _files;

    /// <summary>Writes the whole recording.</summary>
    public void Write(MeshShape mesh)
    {
        Directory.CreateDirectory(folder);
        Add("wds", Workload.Descriptor.FullName, WorkloadJson.Workloads(mesh), subscribe: 0);
        Add("cds", Cluster.Descriptor.FullName, ClusterJson.Clusters(mesh), subscribe: 0);
        var endpoints = ClusterJson.Endpoints(mesh);
        Add("eds", ClusterLoadAssignment.Descriptor.FullName, endpoints, subscribe: endpoints.Count);
        Add("lds", Listener.Descriptor.FullName, ListenerJson.Listeners(mesh), subscribe: 0);
        File.WriteAllText(Path.Combine(folder, "index.json"), _index.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "node.json"), Node(mesh).ToJsonString());
    }

    private void Add(string kind, string type, Dictionary<string, string> resources, int subscribe)
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = ProtoRegistry.TypeUrlPrefix + type, SystemVersionInfo = "load/1", Nonce = $"load/{kind}" };
        foreach (var (name, json) in resources)
        {
            var content = Parser.Parse<Any>(json);
            response.Resources.Add(new Resource { Name = name, Resource_ = content, Version = Convert.ToHexStringLower(SHA256.HashData(content.Value.Span))[..16] });
        }
        string file = string.Create(CultureInfo.InvariantCulture, $"{++_files:00}-{kind}");
        byte[] bytes = response.ToByteArray();
        File.WriteAllBytes(Path.Combine(folder, file + ".binpb"), bytes);
        _index.Add(new JsonObject { ["request"] = type, ["step"] = "", ["subscribe"] = subscribe });
        _index.Add(new JsonObject
        {
            ["bytes"] = bytes.Length,
            ["file"] = file,
            ["names"] = new JsonArray([.. resources.Keys.Select(static name => JsonValue.Create(name))]),
            ["resources"] = resources.Count,
            ["type_url"] = response.TypeUrl,
        });
    }

    private static JsonObject Node(MeshShape mesh) => new()
    {
        ["id"] = $"waypoint~{mesh.Waypoint}~waypoint-1.{MeshShape.Namespace}~{MeshShape.Namespace}.svc.cluster.local",
        ["cluster"] = $"waypoint.{MeshShape.Namespace}",
        ["user_agent_name"] = "envoy",
        ["metadata"] = new JsonObject
        {
            ["NAME"] = "waypoint-1",
            ["NAMESPACE"] = MeshShape.Namespace,
            ["CLUSTER_ID"] = "Kubernetes",
            ["INSTANCE_IPS"] = mesh.Waypoint.ToString(),
            ["MESH_ID"] = MeshShape.TrustDomain,
            ["SERVICE_ACCOUNT"] = "waypoint",
            ["WORKLOAD_NAME"] = "waypoint",
        },
    };
}
