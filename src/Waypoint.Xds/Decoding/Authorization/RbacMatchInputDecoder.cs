using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Authorization;
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
        if (type == HttpRequestHeaderMatchInput.Descriptor.FullName)
        {
            return context.TryRead(config, "", out HttpRequestHeaderMatchInput? header)
                ? new RbacMatchInput(RbacMatchInputKind.Header, HeaderNameDecoder.Decode(header.HeaderName, "header_name", context))
                : Nothing;
        }

        if (type == FilterStateInput.Descriptor.FullName)
            return context.TryRead(config, "", out FilterStateInput? state) ? new RbacMatchInput(RbacMatchInputKind.FilterState, state.Key) : Nothing;

        RbacMatchInputKind? kind = KindOf(type);
        if (kind is { } known)
            return new RbacMatchInput(known);
        context.Refuse("", "is an input that is not implemented", $"of type '{type}'");
        return Nothing;
    }

    private static RbacMatchInputKind? KindOf(string type)
    {
        if (type == DestinationIPInput.Descriptor.FullName)
            return RbacMatchInputKind.DestinationAddress;
        if (type == DestinationPortInput.Descriptor.FullName)
            return RbacMatchInputKind.DestinationPort;
        if (type == SourceIPInput.Descriptor.FullName)
            return RbacMatchInputKind.SourceAddress;
        if (type == SourcePortInput.Descriptor.FullName)
            return RbacMatchInputKind.SourcePort;
        if (type == DirectSourceIPInput.Descriptor.FullName)
            return RbacMatchInputKind.DirectSourceAddress;
        if (type == ServerNameInput.Descriptor.FullName)
            return RbacMatchInputKind.ServerName;
        if (type == UriSanInput.Descriptor.FullName)
            return RbacMatchInputKind.UriSan;
        if (type == DnsSanInput.Descriptor.FullName)
            return RbacMatchInputKind.DnsSan;
        return type == SubjectInput.Descriptor.FullName ? RbacMatchInputKind.Subject : null;
    }
}
