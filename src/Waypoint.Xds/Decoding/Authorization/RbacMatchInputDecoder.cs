using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Authorization;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Extensions.Matching.CommonInputs.Network.V3;
using Waypoint.Protos.Envoy.Extensions.Matching.CommonInputs.Ssl.V3;
using Waypoint.Protos.Envoy.Type.Matcher.V3;
using Waypoint.Protos.Xds.Core.V3;
using Waypoint.Xds.Decoding.Matching;

namespace Waypoint.Xds.Decoding.Authorization;

/// <summary>Reads the inputs of matcher trees.</summary>
internal static class RbacMatchInputDecoder
{
    /// <summary>Stands in for an input that could not be read; never used, as its problem refuses the whole.</summary>
    private static readonly RbacMatchInput Nothing = new(RbacMatchInputKind.DestinationPort);

    /// <summary>Reads field <c>input</c>.</summary>
    public static RbacMatchInput Decode(TypedExtensionConfig? extension, DecodeContext context)
    {
        using DecodeScope scope = context.Field("input.typed_config");
        Any? config = extension?.TypedConfig;
        string type = config is null ? "" : TypedConfig.NameOf(config);
        if (type == ProtoName.Of<HttpRequestHeaderMatchInput>())
        {
            return context.TryRead(config, "", out HttpRequestHeaderMatchInput? header)
                ? new RbacMatchInput(RbacMatchInputKind.Header, HeaderNameDecoder.Decode(header.HeaderName, "header_name", context))
                : Nothing;
        }

        if (type == ProtoName.Of<FilterStateInput>())
            return context.TryRead(config, "", out FilterStateInput? state) ? new RbacMatchInput(RbacMatchInputKind.FilterState, state.Key) : Nothing;

        RbacMatchInputKind? kind = KindOf(type);
        if (kind is { } known)
            return new RbacMatchInput(known);
        context.Refuse("", "is an input that is not implemented", $"of type '{type}'");
        return Nothing;
    }

    private static RbacMatchInputKind? KindOf(string type)
    {
        if (type == ProtoName.Of<DestinationIPInput>())
            return RbacMatchInputKind.DestinationAddress;
        if (type == ProtoName.Of<DestinationPortInput>())
            return RbacMatchInputKind.DestinationPort;
        if (type == ProtoName.Of<SourceIPInput>())
            return RbacMatchInputKind.SourceAddress;
        if (type == ProtoName.Of<SourcePortInput>())
            return RbacMatchInputKind.SourcePort;
        if (type == ProtoName.Of<DirectSourceIPInput>())
            return RbacMatchInputKind.DirectSourceAddress;
        if (type == ProtoName.Of<ServerNameInput>())
            return RbacMatchInputKind.ServerName;
        if (type == ProtoName.Of<UriSanInput>())
            return RbacMatchInputKind.UriSan;
        if (type == ProtoName.Of<DnsSanInput>())
            return RbacMatchInputKind.DnsSan;
        return type == ProtoName.Of<SubjectInput>() ? RbacMatchInputKind.Subject : null;
    }
}
