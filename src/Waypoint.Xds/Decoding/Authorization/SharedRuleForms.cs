using Google.Protobuf.Collections;
using Waypoint.Model.Authorization;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Waypoint.Xds.Decoding.Matching;

namespace Waypoint.Xds.Decoding.Authorization;

/// <summary>What permissions and principals have in common.</summary>
internal static class SharedRuleForms
{
    /// <summary>Stands in for a rule that could not be read; never used, as its problem refuses the whole.</summary>
    public static AuthorizationRule Nothing { get; } = new AuthorizationRule.Not(AuthorizationRule.Always.Instance);

    /// <summary>Reads every element of a list that must not be empty.</summary>
    public static AuthorizationRule[] DecodeAll<T>(RepeatedField<T> rules, string field, Func<T, DecodeContext, AuthorizationRule> decode, DecodeContext context)
    {
        if (rules.Count == 0)
            context.Refuse(field, "is empty", accepted: "at least one");
        var decoded = new AuthorizationRule[rules.Count];
        for (int i = 0; i < decoded.Length; i++)
        {
            using DecodeScope scope = context.Field(field, i);
            decoded[i] = decode(rules[i], context);
        }

        return decoded;
    }

    /// <summary>A disjunction, or its only member.</summary>
    public static AuthorizationRule AnyOf(AuthorizationRule[] rules) => rules.Length == 1 ? rules[0] : new AuthorizationRule.AnyOf(rules);

    /// <summary>A conjunction, or its only member.</summary>
    public static AuthorizationRule All(AuthorizationRule[] rules) => rules.Length == 1 ? rules[0] : new AuthorizationRule.All(rules);

    /// <summary><c>any</c>: must be true.</summary>
    public static AuthorizationRule Any(bool value, DecodeContext context)
    {
        if (!value)
            context.RefuseValue("any", "false", "true");
        return AuthorizationRule.Always.Instance;
    }

    /// <summary>Reads a block of addresses.</summary>
    public static AddressBlock Block(CidrRange range, string field, DecodeContext context)
    {
        if (!AddressBlock.TryCreate(range.AddressPrefix, range.PrefixLen ?? 0, out AddressBlock block))
            context.RefuseValue(field + ".address_prefix", $"'{range.AddressPrefix}'", "an IPv4 or IPv6 address");
        return block;
    }

    /// <summary>Reads <c>sourced_metadata</c>.</summary>
    public static AuthorizationRule SourcedMetadata(SourcedMetadata message, DecodeContext context)
    {
        using DecodeScope scope = context.Field("sourced_metadata");
        if (message.MetadataMatcher is null)
        {
            context.Refuse("metadata_matcher", "is required");
            return Nothing;
        }

        if (message.MetadataSource is not (MetadataSource.Dynamic or MetadataSource.Route))
            context.RefuseValue("metadata_source", message.MetadataSource.ToString(), "DYNAMIC, ROUTE");
        MetadataOrigin origin = message.MetadataSource == MetadataSource.Route ? MetadataOrigin.Route : MetadataOrigin.Dynamic;
        using DecodeScope matcherScope = context.Field("metadata_matcher");
        return new AuthorizationRule.Metadata(MetadataMatcherDecoder.Decode(message.MetadataMatcher, context), origin);
    }
}
