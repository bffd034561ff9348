using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Config.Core.V3;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary>Reads <c>filter_metadata.istio.services[0]</c> of a cluster; telemetry only, so what is odd is just not there.</summary>
internal static class ServiceMetadata
{
    public static ClusterService? Read(Metadata? metadata)
    {
        if (metadata is null
            || !metadata.FilterMetadata.TryGetValue("istio", out Struct? istio)
            || !istio.Fields.TryGetValue("services", out Value? services)
            || services.ListValue is not { Values: [{ StructValue: { } first }, ..] })
        {
            return null;
        }

        return SharedValue.Of(new ClusterService(Text(first, "host"), Text(first, "name"), Text(first, "namespace")));
    }

    private static string Text(Struct from, string key) => from.Fields.TryGetValue(key, out Value? value) ? SharedText.Of(value.StringValue) : "";
}
