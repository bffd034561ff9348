using Google.Protobuf.Collections;
using Waypoint.Model.FilterChains;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Listener.HttpInspector.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Listener.OriginalDst.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Listener.TlsInspector.V3;
using Predicate = Waypoint.Protos.Envoy.Config.Listener.V3.ListenerFilterChainMatchPredicate;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary><c>Listener.listener_filters</c> of <c>main_internal</c>: where protocols are inspected. Restoring the destination is what our tunnels do by themselves.</summary>
internal static class ListenerFilterDecoder
{
    private const int MaxDepth = 64;

    /// <summary>The ports on which nobody looks for HTTP.</summary>
    public static PortSet UninspectedPorts(RepeatedField<ListenerFilter> filters, DecodeContext context)
    {
        PortSet uninspected = PortSet.All;
        for (int i = 0; i < filters.Count; i++)
        {
            using DecodeScope scope = context.Field("listener_filters", i);
            ListenerFilter filter = filters[i];
            string type = filter.TypedConfig is { } any ? TypedConfig.NameOf(any) : "";
            if (type == ProtoName.Of<HttpInspector>())
                uninspected = filter.FilterDisabled is null ? PortSet.None : Ports(filter.FilterDisabled, context, 0);
            else if (type != ProtoName.Of<OriginalDst>() && type != ProtoName.Of<TlsInspector>())
                context.RefuseValue("typed_config", $"of type '{type}'", "OriginalDst, HttpInspector or TlsInspector");
        }

        return uninspected;
    }

    private static PortSet Ports(Predicate predicate, DecodeContext context, int depth)
    {
        if (depth > MaxDepth)
        {
            context.Refuse("filter_disabled", $"nested deeper than {MaxDepth}");
            return PortSet.None;
        }

        switch (predicate.RuleCase)
        {
            case Predicate.RuleOneofCase.DestinationPortRange:
                return PortSet.Range(predicate.DestinationPortRange.Start, predicate.DestinationPortRange.End);
            case Predicate.RuleOneofCase.OrMatch:
                PortSet any = PortSet.None;
                foreach (Predicate rule in predicate.OrMatch.Rules)
                    any = any.Union(Ports(rule, context, depth + 1));
                return any;
            case Predicate.RuleOneofCase.AndMatch:
                PortSet all = PortSet.All;
                foreach (Predicate rule in predicate.AndMatch.Rules)
                    all = all.Intersect(Ports(rule, context, depth + 1));
                return all;
            case Predicate.RuleOneofCase.NotMatch:
                return Ports(predicate.NotMatch, context, depth + 1).Complement();
            case Predicate.RuleOneofCase.AnyMatch:
                return predicate.AnyMatch ? PortSet.All : PortSet.None;
            default:
                context.RefuseValue("filter_disabled", predicate.RuleCase.ToString(), "or_match, and_match, not_match, any_match or destination_port_range");
                return PortSet.None;
        }
    }
}
