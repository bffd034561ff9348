using Google.Protobuf.Collections;
using Waypoint.Model.Authorization;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using Waypoint.Xds.Decoding.Matching;
using IdentifierCase = Waypoint.Protos.Envoy.Config.Rbac.V3.Principal.IdentifierOneofCase;
using ValidatedCertificateConfig = Waypoint.Protos.Envoy.Extensions.Rbac.Principals.MtlsAuthenticated.V3.Config;

namespace Waypoint.Xds.Decoding.Authorization;

/// <summary>Reads <c>envoy.config.rbac.v3.Principal</c>.</summary>
internal static class PrincipalDecoder
{
    /// <summary>Reads a list of which one must match.</summary>
    public static AuthorizationRule DecodeAny(RepeatedField<Principal> principals, string field, DecodeContext context)
        => SharedRuleForms.AnyOf(SharedRuleForms.DecodeAll(principals, field, Decode, context));

    private static AuthorizationRule Decode(Principal principal, DecodeContext context)
    {
        switch (principal.IdentifierCase)
        {
            case IdentifierCase.AndIds:
                return SharedRuleForms.All(DecodeSet(principal.AndIds, "and_ids", context));
            case IdentifierCase.OrIds:
                return SharedRuleForms.AnyOf(DecodeSet(principal.OrIds, "or_ids", context));
            case IdentifierCase.NotId:
                using (context.Field("not_id"))
                    return new AuthorizationRule.Not(Decode(principal.NotId, context));
            case IdentifierCase.Any:
                return SharedRuleForms.Any(principal.Any, context);
            case IdentifierCase.FilterState:
                using (context.Field("filter_state"))
                    return new AuthorizationRule.FilterState(FilterStateMatcherDecoder.Decode(principal.FilterState, context));
            case IdentifierCase.Authenticated:
                return DecodeAuthenticated(principal.Authenticated, context);
            case IdentifierCase.SourceIp:
                return new AuthorizationRule.SourceAddress(SharedRuleForms.Block(principal.SourceIp, "source_ip", context));
            case IdentifierCase.DirectRemoteIp:
                return new AuthorizationRule.DirectRemoteAddress(SharedRuleForms.Block(principal.DirectRemoteIp, "direct_remote_ip", context));
            case IdentifierCase.RemoteIp:
                return new AuthorizationRule.RemoteAddress(SharedRuleForms.Block(principal.RemoteIp, "remote_ip", context));
            case IdentifierCase.Header:
                using (context.Field("header"))
                    return new AuthorizationRule.Header(HeaderMatcherDecoder.Decode(principal.Header, context));
            case IdentifierCase.UrlPath:
                using (context.Field("url_path"))
                    return new AuthorizationRule.UrlPath(PathMatcherDecoder.Decode(principal.UrlPath, context));
            case IdentifierCase.Metadata:
                using (context.Field("metadata"))
                    return new AuthorizationRule.Metadata(MetadataMatcherDecoder.Decode(principal.Metadata, context), MetadataOrigin.Dynamic);
            case IdentifierCase.SourcedMetadata:
                return SharedRuleForms.SourcedMetadata(principal.SourcedMetadata, context);
            case IdentifierCase.Custom:
                using (context.Field("custom"))
                    return DecodeCustom(principal.Custom, context);
            default:
                context.Refuse("", "has no identifier");
                return SharedRuleForms.Nothing;
        }
    }

    private static AuthorizationRule[] DecodeSet(Principal.Types.Set set, string field, DecodeContext context)
    {
        using DecodeScope scope = context.Field(field);
        return SharedRuleForms.DecodeAll(set.Ids, "ids", Decode, context);
    }

    private static AuthorizationRule.Authenticated DecodeAuthenticated(Principal.Types.Authenticated authenticated, DecodeContext context)
    {
        using DecodeScope scope = context.Field("authenticated");
        return new AuthorizationRule.Authenticated(
            authenticated.PrincipalName is null ? null : StringMatcherDecoder.Decode(authenticated.PrincipalName, "principal_name", context));
    }

    private static AuthorizationRule DecodeCustom(TypedExtensionConfig extension, DecodeContext context)
    {
        if (!context.TryRead(extension.TypedConfig, "typed_config", out ValidatedCertificateConfig? config))
            return SharedRuleForms.Nothing;
        using DecodeScope scope = context.Field("typed_config");
        if (config.SanMatcher is { } san)
        {
            if (san.SanType != SubjectAltNameMatcher.Types.SanType.Uri)
                context.RefuseValue("san_matcher.san_type", san.SanType.ToString(), "URI");
            return new AuthorizationRule.ValidatedCertificate(StringMatcherDecoder.Decode(san.Matcher, "san_matcher.matcher", context));
        }

        if (!config.AnyValidatedClientCertificate)
            context.Refuse("", "asks for nothing", accepted: "san_matcher or any_validated_client_certificate");
        return new AuthorizationRule.ValidatedCertificate(null);
    }
}
