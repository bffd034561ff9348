using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.Load.Mesh;

/// <summary>Writes a mesh in the form of a recording: one <c>DeltaDiscoveryResponse</c> per file, <c>index.json</c> with their order, <c>node.json</c>.</summary>
internal sealed class RecordingWriter(string folder)
{
    private readonly JsonArray _index = [];
    private int _files;

    /// <summary>Writes the whole recording.</summary>
    public void Write(MeshShape mesh)
    {
        Directory.CreateDirectory(folder);
        Add("wds", MeshResponses.Workloads(mesh), byName: false);
        Add("cds", MeshResponses.Clusters(mesh), byName: false);
        Add("eds", MeshResponses.Endpoints(mesh), byName: true);
        Add("lds", MeshResponses.Listeners(mesh), byName: false);
        File.WriteAllText(Path.Combine(folder, "index.json"), _index.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "node.json"), Node(mesh).ToJsonString());
    }

    private void Add(string kind, DeltaDiscoveryResponse response, bool byName)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"{++_files:00}-{kind}");
        byte[] bytes = response.ToByteArray();
        File.WriteAllBytes(Path.Combine(folder, file + ".binpb"), bytes);
        _index.Add(new JsonObject { ["request"] = response.TypeUrl[ProtoRegistry.TypeUrlPrefix.Length..], ["step"] = "", ["subscribe"] = byName ? response.Resources.Count : 0 });
        _index.Add(new JsonObject
        {
            ["bytes"] = bytes.Length,
            ["file"] = file,
            ["names"] = new JsonArray([.. response.Resources.Select(static resource => JsonValue.Create(resource.Name))]),
            ["resources"] = response.Resources.Count,
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
