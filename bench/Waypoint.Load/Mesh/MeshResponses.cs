using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Protos.Istio.Workload;

namespace Waypoint.Load.Mesh;

/// <summary>The responses of istiod for a mesh. Every text passes through the declared messages, so a field that does not exist throws.</summary>
internal static class MeshResponses
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithTypeRegistry(ProtoRegistry.Types));

    /// <summary>All workloads (WDS).</summary>
    public static DeltaDiscoveryResponse Workloads(MeshShape mesh) => Response(Workload.Descriptor, WorkloadJson.Workloads(mesh));

    /// <summary>All clusters (CDS).</summary>
    public static DeltaDiscoveryResponse Clusters(MeshShape mesh) => Response(Cluster.Descriptor, ClusterJson.Clusters(mesh));

    /// <summary>All endpoints (EDS).</summary>
    public static DeltaDiscoveryResponse Endpoints(MeshShape mesh) => Response(ClusterLoadAssignment.Descriptor, ClusterJson.Endpoints(mesh));

    /// <summary>The listeners (LDS).</summary>
    public static DeltaDiscoveryResponse Listeners(MeshShape mesh) => Response(Listener.Descriptor, ListenerJson.Listeners(mesh));

    private static DeltaDiscoveryResponse Response(MessageDescriptor type, Dictionary<string, string> resources)
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = ProtoRegistry.TypeUrlOf(type), SystemVersionInfo = "load/1", Nonce = "load/" + type.Name };
        foreach (var (name, json) in resources)
        {
            var content = Parser.Parse<Any>(json);
            response.Resources.Add(new Resource { Name = name, Resource_ = content, Version = Convert.ToHexStringLower(SHA256.HashData(content.Value.Span))[..16] });
        }
        return response;
    }
}
