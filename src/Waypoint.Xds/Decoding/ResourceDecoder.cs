using Google.Protobuf;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Hashing;
using Waypoint.Model.Routes;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using Waypoint.Protos.Istio.Workload;
using Waypoint.Xds.Decoding.Clusters;
using Waypoint.Xds.Decoding.Endpoints;
using Waypoint.Xds.Decoding.Listeners;
using Waypoint.Xds.Decoding.Routes;
using Waypoint.Xds.Decoding.Workloads;
using Waypoint.Xds.Store;

namespace Waypoint.Xds.Decoding;

/// <summary>Bytes of one resource to the model: parse, decode, look for what is not declared. Never throws on what a peer sent.</summary>
internal static class ResourceDecoder
{
    /// <summary>A CDS resource.</summary>
    public static Decoded<StoredCluster> Cluster(string name, ByteString bytes, ContentHash contentHash) =>
        Decode<Cluster, StoredCluster>("Cluster '{0}'", name, bytes, (message, context) =>
        {
            RequireName(message.Name, name, "name", context);
            return name switch
            {
                FixedNames.ConnectOriginate or FixedNames.OuterConnectOriginate => new StoredCluster(null, TunnelOriginationDecoder.Decode(message, context)),
                FixedNames.InnerConnectOriginate => new StoredCluster(null, TunnelOriginationDecoder.DecodeInner(message, context)),
                FixedNames.MainInternal => StoredCluster.InternalHop,
                _ => new StoredCluster(ClusterDecoder.Decode(message, contentHash, context), null),
            };
        });

    /// <summary>An EDS resource.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="known">The version before, if there is one.</param>
    public static Decoded<ClusterEndpoints> LoadAssignment(string name, ByteString bytes, ClusterEndpoints? known = null)
    {
        const string Subject = "Endpoints of '{0}'";
        if (PlainAssignment.TryRead(name, bytes.Span, known) is { } plain)
            return new Decoded<ClusterEndpoints>(plain, new DecodeContext(new DecodeSubject(Subject, name)));
        return Decode<ClusterLoadAssignment, ClusterEndpoints>(Subject, name, bytes, (message, context) =>
        {
            RequireName(message.ClusterName, name, "cluster_name", context);
            return LoadAssignmentDecoder.Decode(message, context);
        });
    }

    /// <summary>An RDS resource.</summary>
    public static Decoded<RouteTable> RouteTable(string name, ByteString bytes) =>
        Decode<RouteConfiguration, RouteTable>("Route table '{0}'", name, bytes, (message, context) =>
        {
            RequireName(message.Name, name, "name", context);
            return RouteConfigurationDecoder.Decode(message, context);
        });

    /// <summary>A listener other than <c>main_internal</c>, which is never parsed as a whole.</summary>
    public static Decoded<StoredListener> Listener(string name, ByteString bytes) =>
        Decode<Listener, StoredListener>("Listener '{0}'", name, bytes, (message, context) =>
        {
            RequireName(message.Name, name, "name", context);
            switch (name)
            {
                case FixedNames.ConnectTerminate:
                    return new StoredListener(TunnelTerminationDecoder.Decode(message, context));
                case FixedNames.ConnectOriginate or FixedNames.InnerConnectOriginate or FixedNames.OuterConnectOriginate:
                    return new StoredListener(null) { ConnectHeaders = InternalHopDecoder.Decode(message, context) };
                default:
                    context.Refuse(
                        "name", "it is none of the listeners of a waypoint", null,
                        $"{FixedNames.ConnectTerminate}, {FixedNames.MainInternal}, {FixedNames.ConnectOriginate}, {FixedNames.InnerConnectOriginate} or {FixedNames.OuterConnectOriginate}");
                    break;
            }

            return new StoredListener(null);
        });

    /// <summary>An ECDS resource: one HTTP filter.</summary>
    public static Decoded<StoredExtension> Extension(string name, ByteString bytes) =>
        Decode<TypedExtensionConfig, StoredExtension>("Extension '{0}'", name, bytes, (message, context) =>
        {
            RequireName(message.Name, name, "name", context);
            if (message.TypedConfig is null)
            {
                context.Refuse("typed_config", "it is absent");
                return new StoredExtension("", null);
            }

            return new StoredExtension(TypedConfig.NameOf(message.TypedConfig), HttpFilterDecoders.Decode(name, message.TypedConfig, context));
        });

    /// <summary>An SDS resource.</summary>
    public static Decoded<TlsSecret> Secret(string name, ByteString bytes) =>
        Decode<Secret, TlsSecret>("Secret '{0}'", name, bytes, (message, context) =>
        {
            RequireName(message.Name, name, "name", context);
            return TlsSecretDecoder.Secret(message, context);
        });

    /// <summary>A WDS resource. Unknown fields of it are ztunnel's business.</summary>
    public static Decoded<WorkloadAddresses> Workload(string name, ByteString bytes) =>
        Decode<Workload, WorkloadAddresses>("Workload '{0}'", name, bytes, (message, context) =>
        {
            RequireName(message.Uid, name, "uid", context);
            return WorkloadDecoder.Decode(message, context);
        });

    private static Decoded<TModel> Decode<TMessage, TModel>(string subject, string name, ByteString bytes, Func<TMessage, DecodeContext, TModel> decode)
        where TMessage : class, IMessage<TMessage>, new()
        where TModel : class
    {
        var context = new DecodeContext(new DecodeSubject(subject, name));
        var message = new TMessage();
        if (!context.TryParse(bytes, "", message))
            return new Decoded<TModel>(null, context);
        TModel model = decode(message, context);
        context.Check(bytes.Span, ProtoName.Of(message));
        return new Decoded<TModel>(context.HasProblems ? null : model, context);
    }

    private static void RequireName(string found, string expected, string field, DecodeContext context)
    {
        if (found != expected)
            context.RefuseValue(field, $"'{found}'", $"the resource name '{expected}'");
    }
}
