using Google.Protobuf.Collections;
using Waypoint.Model.Routes;
using Waypoint.Xds.Decoding.Matching;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3.RouteAction.Types.RequestMirrorPolicy;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>request_mirror_policies</c>.</summary>
internal static class MirrorPolicyDecoder
{
    private const string Field = "request_mirror_policies";

    /// <summary>The policies of the current message, or those from above if it has none.</summary>
    internal static IReadOnlyList<MirrorPolicy> Decode(RepeatedField<Proto> messages, IReadOnlyList<MirrorPolicy> above, RouteDecoding decoding)
    {
        if (messages.Count == 0)
            return above;
        decoding.Support.Require(RouteFeature.Mirroring, Field, decoding.Context);
        var result = new MirrorPolicy[messages.Count];
        for (var i = 0; i < result.Length; i++)
        {
            using var scope = decoding.Context.Field(Field, i);
            result[i] = Decode(messages[i], decoding);
        }

        return result;
    }

    private static MirrorPolicy Decode(Proto message, RouteDecoding decoding)
    {
        var context = decoding.Context;
        if (message.Cluster.Length > 0)
            decoding.CheckCluster(message.Cluster, "cluster");
        if (message.Cluster.Length == 0 == (message.ClusterHeader.Length == 0))
            context.Refuse("cluster", "exactly one of cluster and cluster_header is required");
        var header = message.ClusterHeader.Length > 0 ? HeaderNameDecoder.Decode(message.ClusterHeader, "cluster_header", context) : null;
        return new MirrorPolicy(message.Cluster, header, FractionDecoder.Decode(message.RuntimeFraction, "runtime_fraction", context), !message.DisableShadowHostSuffixAppend);
    }
}
