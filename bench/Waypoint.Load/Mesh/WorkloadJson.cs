using System.Globalization;
using System.Net;

namespace Waypoint.Load.Mesh;

/// <summary>Workloads: the pods of the driven service and its client.</summary>
internal static class WorkloadJson
{
    /// <summary>All workloads, by uid.</summary>
    public static Dictionary<string, string> Workloads(MeshShape mesh)
    {
        var workloads = new Dictionary<string, string>();
        for (int i = 0; i < mesh.Pods.Count; i++)
            Add(workloads, string.Create(CultureInfo.InvariantCulture, $"target-{i + 1}"), "app", mesh.Pods[i], ServicePorts());
        Add(workloads, "client-1", "client", IPAddress.Loopback, "");
        return workloads;
    }

    private static void Add(Dictionary<string, string> workloads, string name, string account, IPAddress address, string services)
    {
        string uid = $"Kubernetes//Pod/{MeshShape.Namespace}/{name}";
        workloads[uid] = $$$"""
            {"@type": "type.googleapis.com/istio.workload.Workload", "uid": "{{{uid}}}", "name": "{{{name}}}", "namespace": "{{{MeshShape.Namespace}}}",
             "addresses": ["{{{Convert.ToBase64String(address.GetAddressBytes())}}}"], "service_account": "{{{account}}}", "tunnel_protocol": "HBONE", "cluster_id": "Kubernetes",
             "node": "node-1", "canonical_name": "{{{account}}}", "canonical_revision": "v1", "workload_type": "POD", "workload_name": "{{{name}}}",
             "locality": {"region": "here", "zone": "here-1"} {{{services}}} }
            """;
    }

    private static string ServicePorts()
    {
        string ports = string.Join(", ", MeshShape.Ports.Select(port =>
            string.Create(CultureInfo.InvariantCulture, $$$"""{"service_port": {{{port.Number}}}, "target_port": {{{port.Target}}} }""")));
        return $$$""", "services": {"{{{MeshShape.Namespace}}}/{{{MeshShape.HostName(0)}}}": {"ports": [{{{ports}}}]}}""";
    }
}
