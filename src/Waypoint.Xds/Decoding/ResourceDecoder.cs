using Google.Protobuf;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Xds.Decoding.Clusters;
using Waypoint.Xds.Decoding.Endpoints;

namespace Waypoint.Xds.Decoding;

/// <summary>Bytes of one resource to the model: parse, decode, look for what is not declared. Never throws on what a peer sent.</summary>
internal static class ResourceDecoder
{
    /// <summary>A CDS resource.</summary>
    public static Decoded<ClusterConfig> Cluster(string name, ByteString bytes, UInt128 contentHash) =>
        Decode<Cluster, ClusterConfig>($"Cluster '{name}'", bytes, (message, context) =>
        {
            RequireName(message.Name, name, "name", context);
            return ClusterDecoder.Decode(message, contentHash, context);
        });

    /// <summary>An EDS resource.</summary>
    public static Decoded<ClusterEndpoints> LoadAssignment(string name, ByteString bytes) =>
        Decode<ClusterLoadAssignment, ClusterEndpoints>($"Endpoints of '{name}'", bytes, (message, context) =>
        {
            RequireName(message.ClusterName, name, "cluster_name", context);
            return LoadAssignmentDecoder.Decode(message, context);
        });

    private static Decoded<TModel> Decode<TMessage, TModel>(string subject, ByteString bytes, Func<TMessage, DecodeContext, TModel> decode)
        where TMessage : class, IMessage<TMessage>, new()
        where TModel : class
    {
        var context = new DecodeContext(subject);
        var message = new TMessage();
        if (!context.TryParse(bytes, "", message))
            return new Decoded<TModel>(null, context);
        TModel model = decode(message, context);
        context.Check(bytes.Span, message.Descriptor);
        return new Decoded<TModel>(context.HasProblems ? null : model, context);
    }

    private static void RequireName(string found, string expected, string field, DecodeContext context)
    {
        if (found != expected)
            context.RefuseValue(field, $"'{found}'", $"the resource name '{expected}'");
    }
}
