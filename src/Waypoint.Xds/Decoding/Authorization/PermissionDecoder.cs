using System.Globalization;
using Google.Protobuf.Collections;
using Waypoint.Model.Authorization;
using Waypoint.Model.Matching;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Waypoint.Protos.Envoy.Extensions.Path.Match.UriTemplate.V3;
using Waypoint.Protos.Envoy.Type.V3;
using Waypoint.Xds.Decoding.Matching;
using RuleCase = Waypoint.Protos.Envoy.Config.Rbac.V3.Permission.RuleOneofCase;

namespace Waypoint.Xds.Decoding.Authorization;

/// <summary>Reads <c>envoy.config.rbac.v3.Permission</c>.</summary>
internal static class PermissionDecoder
{
    private const int MaxPort = 65535;

    /// <summary>Envoy's own bound: one more than the last port, as the end is exclusive.</summary>
    private const int MaxRangeEnd = 65536;

    /// <summary>Reads a list of which one must match.</summary>
    public static AuthorizationRule DecodeAny(RepeatedField<Permission> permissions, string field, DecodeContext context)
        => SharedRuleForms.AnyOf(SharedRuleForms.DecodeAll(permissions, field, Decode, context));

    private static AuthorizationRule Decode(Permission permission, DecodeContext context)
    {
        switch (permission.RuleCase)
        {
            case RuleCase.AndRules:
                return SharedRuleForms.All(DecodeSet(permission.AndRules, "and_rules", context));
            case RuleCase.OrRules:
                return SharedRuleForms.AnyOf(DecodeSet(permission.OrRules, "or_rules", context));
            case RuleCase.NotRule:
                using (context.Field("not_rule"))
                    return new AuthorizationRule.Not(Decode(permission.NotRule, context));
            case RuleCase.Any:
                return SharedRuleForms.Any(permission.Any, context);
            case RuleCase.Header:
                using (context.Field("header"))
                    return new AuthorizationRule.Header(HeaderMatcherDecoder.Decode(permission.Header, context));
            case RuleCase.UrlPath:
                using (context.Field("url_path"))
                    return new AuthorizationRule.UrlPath(PathMatcherDecoder.Decode(permission.UrlPath, context));
            case RuleCase.UriTemplate:
                using (context.Field("uri_template"))
                    return DecodeTemplate(permission.UriTemplate, context);
            case RuleCase.DestinationIp:
                return new AuthorizationRule.DestinationAddress(SharedRuleForms.Block(permission.DestinationIp, "destination_ip", context));
            case RuleCase.DestinationPort:
                return DecodePort(permission.DestinationPort, context);
            case RuleCase.DestinationPortRange:
                return DecodePorts(permission.DestinationPortRange, context);
            case RuleCase.RequestedServerName:
                return new AuthorizationRule.RequestedServerName(StringMatcherDecoder.Decode(permission.RequestedServerName, "requested_server_name", context));
            case RuleCase.Metadata:
                using (context.Field("metadata"))
                    return new AuthorizationRule.Metadata(MetadataMatcherDecoder.Decode(permission.Metadata, context), MetadataOrigin.Dynamic);
            case RuleCase.SourcedMetadata:
                return SharedRuleForms.SourcedMetadata(permission.SourcedMetadata, context);
            case RuleCase.Matcher:
                context.Refuse("matcher", "is not implemented", permission.Matcher.Name);
                return SharedRuleForms.Nothing;
            default:
                context.Refuse("", "has no rule");
                return SharedRuleForms.Nothing;
        }
    }

    private static AuthorizationRule[] DecodeSet(Permission.Types.Set set, string field, DecodeContext context)
    {
        using DecodeScope scope = context.Field(field);
        return SharedRuleForms.DecodeAll(set.Rules, "rules", Decode, context);
    }

    private static AuthorizationRule DecodePort(uint port, DecodeContext context)
    {
        if (port > MaxPort)
        {
            context.RefuseValue("destination_port", port.ToString(CultureInfo.InvariantCulture), "0-65535");
            return SharedRuleForms.Nothing;
        }

        return new AuthorizationRule.DestinationPort((int)port, (int)port + 1);
    }

    private static AuthorizationRule.DestinationPort DecodePorts(Int32Range range, DecodeContext context)
    {
        if (range.Start is < 0 or > MaxRangeEnd || range.End is < 0 or > MaxRangeEnd || range.Start >= range.End)
        {
            context.RefuseValue("destination_port_range", string.Create(CultureInfo.InvariantCulture, $"[{range.Start}, {range.End})"),
                "0-65536 with the start below the end");
        }

        return new AuthorizationRule.DestinationPort(range.Start, range.End);
    }

    private static AuthorizationRule DecodeTemplate(TypedExtensionConfig extension, DecodeContext context)
    {
        if (!context.TryRead(extension.TypedConfig, "typed_config", out UriTemplateMatchConfig? config))
            return SharedRuleForms.Nothing;
        using DecodeScope scope = context.Field("typed_config");
        PathTemplate? template = PathMatcherDecoder.DecodeTemplate(config.PathTemplate, "path_template", context);
        return template is null ? SharedRuleForms.Nothing : new AuthorizationRule.UriTemplate(template);
    }
}
