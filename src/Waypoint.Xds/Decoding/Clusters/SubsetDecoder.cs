using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Endpoints;
using Waypoint.Model.LoadBalancing;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Fallback = Waypoint.Protos.Envoy.Config.Cluster.V3.Cluster.Types.LbSubsetConfig.Types.LbSubsetFallbackPolicy;
using Proto = Waypoint.Protos.Envoy.Config.Cluster.V3.Cluster.Types.LbSubsetConfig;
using SelectorFallback = Waypoint.Protos.Envoy.Config.Cluster.V3.Cluster.Types.LbSubsetConfig.Types.LbSubsetSelector.Types.LbSubsetSelectorFallbackPolicy;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary><c>Cluster.LbSubsetConfig</c> and the labels that it goes by.</summary>
internal static class SubsetDecoder
{
    private const string Space = "envoy.lb";

    /// <summary>Null if the cluster has no selectors, which switches subsets off.</summary>
    public static SubsetConfig? Decode(Cluster message, DecodeContext context)
    {
        if (message.LbSubsetConfig is not { SubsetSelectors.Count: > 0 } sent)
            return null;
        using DecodeScope scope = context.Field("lb_subset_config");
        RefuseWhatIsNotRead(message, sent, context);
        var selectors = new SubsetSelector[sent.SubsetSelectors.Count];
        for (int i = 0; i < selectors.Length; i++)
        {
            using DecodeScope selector = context.Field("subset_selectors", i);
            selectors[i] = Selector(sent.SubsetSelectors[i], context);
        }

        return new SubsetConfig(selectors, Of(sent.FallbackPolicy, context), Labels(sent.DefaultSubset), sent.LocalityWeightAware);
    }

    /// <summary>The labels of an endpoint, or those a route asks for.</summary>
    public static SubsetLabels Labels(Metadata? metadata) =>
        metadata is not null && metadata.FilterMetadata.TryGetValue(Space, out Struct? labels) ? Labels(labels) : SubsetLabels.None;

    private static SubsetLabels Labels(Struct? labels) => labels is not { Fields.Count: > 0 }
        ? SubsetLabels.None
        : new SubsetLabels(labels.Fields.Select(static field => new KeyValuePair<string, string>(field.Key, field.Value.ToString())));

    private static void RefuseWhatIsNotRead(Cluster message, Proto sent, DecodeContext context)
    {
        if (message.LbPolicy == Cluster.Types.LbPolicy.ClusterProvided)
            context.Refuse("subset_selectors", "a cluster that provides its own endpoints has no subsets");
        if (sent.ScaleLocalityWeight)
            context.RefuseValue("scale_locality_weight", "true", "false");
        if (sent.PanicModeAny)
            context.RefuseValue("panic_mode_any", "true", "false");
        if (sent.ListAsAny)
            context.RefuseValue("list_as_any", "true", "false");
        if (sent.MetadataFallbackPolicy != Proto.Types.LbSubsetMetadataFallbackPolicy.MetadataNoFallback)
            context.RefuseValue("metadata_fallback_policy", sent.MetadataFallbackPolicy.ToString(), "METADATA_NO_FALLBACK");
    }

    private static SubsetSelector Selector(Proto.Types.LbSubsetSelector sent, DecodeContext context)
    {
        if (sent.Keys.Count == 0)
            context.Refuse("keys", "is required");
        if (sent.SingleHostPerSubset)
            context.Ignore("single_host_per_subset", "a subset may always have several endpoints");
        SubsetFallback? fallback = sent.FallbackPolicy switch
        {
            SelectorFallback.NotDefined => null,
            SelectorFallback.NoFallback => SubsetFallback.None,
            SelectorFallback.AnyEndpoint => SubsetFallback.AnyEndpoint,
            SelectorFallback.DefaultSubset => SubsetFallback.DefaultSubset,
            SelectorFallback.KeysSubset => SubsetFallback.FewerLabels,
            _ => null,
        };
        if (fallback is null && sent.FallbackPolicy != SelectorFallback.NotDefined)
            context.RefuseValue("fallback_policy", sent.FallbackPolicy.ToString(), "0-4");
        // Fewer keys each time: a chain of fallbacks comes to an end.
        bool fewer = sent.FallbackKeysSubset.Count > 0 && sent.FallbackKeysSubset.All(sent.Keys.Contains) && sent.FallbackKeysSubset.Distinct().Count() < sent.Keys.Distinct().Count();
        if (fallback == SubsetFallback.FewerLabels && !fewer)
            context.RefuseValue("fallback_keys_subset", $"'{string.Join("', '", sent.FallbackKeysSubset)}'", "some of the keys, but not all");
        return new SubsetSelector([.. sent.Keys.Distinct()], fallback, [.. sent.FallbackKeysSubset.Distinct()]);
    }

    private static SubsetFallback Of(Fallback policy, DecodeContext context)
    {
        switch (policy)
        {
            case Fallback.NoFallback:
                return SubsetFallback.None;
            case Fallback.AnyEndpoint:
                return SubsetFallback.AnyEndpoint;
            case Fallback.DefaultSubset:
                return SubsetFallback.DefaultSubset;
            default:
                context.RefuseValue("fallback_policy", policy.ToString(), "NO_FALLBACK, ANY_ENDPOINT or DEFAULT_SUBSET");
                return SubsetFallback.None;
        }
    }
}
