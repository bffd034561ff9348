using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.ExtAuthz.V3;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads external authorization of opaque connections.</summary>
internal static class NetworkExtAuthzDecoder
{
    private const string TypedConfigField = "typed_config";

    /// <summary>Reads <c>envoy.extensions.filters.network.ext_authz.v3.ExtAuthz</c>.</summary>
    /// <param name="name"><c>Filter.name</c>.</param>
    /// <param name="config">Its <c>typed_config</c>.</param>
    /// <param name="context">Where problems go; its path stands at the filter.</param>
    /// <returns>Null if the bytes are no such message or name no service; otherwise something that must not be used if there are problems.</returns>
    public static NetworkExtAuthzFilterConfig? Decode(string name, Any config, DecodeContext context)
    {
        if (!context.TryRead(config, TypedConfigField, out ExtAuthz? message))
            return null;
        using DecodeScope scope = context.Field(TypedConfigField);
        AuthorizerServiceDecoder.CheckVersion(message.TransportApiVersion, context);
        if (message.BootstrapMetadataLabelsKey.Length > 0)
            context.RefuseValue("bootstrap_metadata_labels_key", $"'{message.BootstrapMetadataLabelsKey}'", "absent");
        if (message.GrpcService is null)
            context.RefuseValue("grpc_service", "absent", "a service");
        GrpcAuthorizerService? service = message.GrpcService is null ? null : AuthorizerServiceDecoder.DecodeGrpc(message.GrpcService, context);
        NetworkExtAuthzFilterConfig? decoded = service is null
            ? null
            : new NetworkExtAuthzFilterConfig(name, service, message.FailureModeAllow, ExtAuthzDecoder.EnabledMetadata(message.FilterEnabledMetadata, context));
        context.Check(config.Value.Span, ProtoName.Of<ExtAuthz>());
        return decoded;
    }
}
