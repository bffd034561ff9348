using System.Collections.Frozen;
using Waypoint.Model.FilterChains;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.ExtAuthz.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.MongoProxy.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.Rbac.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.SetFilterState.V3;
using Waypoint.Xds.Decoding.Authorization;
using Waypoint.Xds.Decoding.Filters;
using SniForward = Waypoint.Protos.Envoy.Extensions.Filters.Network.SniDynamicForwardProxy.V3.FilterConfig;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>Network filters in front of the terminal one, by the type of their configuration: one line per type. What is not here is refused.</summary>
internal static class NetworkFilterDecoders
{
    private static readonly FrozenDictionary<string, Func<Filter, DecodeContext, NetworkFilterConfig?>> ByType =
        new Dictionary<string, Func<Filter, DecodeContext, NetworkFilterConfig?>>(StringComparer.Ordinal)
        {
            [ProtoName.Of<RBAC>()] = static (filter, context) => RbacDecoder.DecodeNetwork(filter.Name, filter.TypedConfig, context),
            [ProtoName.Of<ExtAuthz>()] = static (filter, context) => NetworkExtAuthzDecoder.Decode(filter.Name, filter.TypedConfig, context),
            [ProtoName.Of<Config>()] = static (filter, context) => FilterState(filter, context),
            ["envoy.tcp.metadataexchange.config.MetadataExchange"] = static (_, _) => null,
            ["envoy.extensions.network_filters.peer_metadata.Config"] = static (_, _) => null,
            ["stats.PluginConfig"] = static (_, _) => null,
            [ProtoName.Of<SniForward>()] = SniForwarding,
            [ProtoName.Of<MongoProxy>()] = Mongo,
            ["envoy.extensions.filters.network.mysql_proxy.v3.MySQLProxy"] = static (_, context) => Statistics("MySQLProxy", context),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The filter's configuration, or null if it has no effect here or is refused.</summary>
    public static NetworkFilterConfig? Decode(Filter filter, DecodeContext context)
    {
        string type = TypedStructs.NameOf(filter.TypedConfig);
        if (filter.ConfigTypeCase == Filter.ConfigTypeOneofCase.TypedConfig && ByType.TryGetValue(type, out Func<Filter, DecodeContext, NetworkFilterConfig?>? decode))
            return decode(filter, context);

        string what = filter.ConfigTypeCase == Filter.ConfigTypeOneofCase.ConfigDiscovery ? "delivered by extension discovery" : $"of type '{type}'";
        context.Refuse("", $"network filter '{filter.Name}' is {what}, which is not implemented");
        return null;
    }

    private static NetworkFilterConfig? FilterState(Filter filter, DecodeContext context)
    {
        if (context.TryRead(filter.TypedConfig, "typed_config", out Config? message))
            FilterStateEntries.Check(message.OnNewConnection, "on_new_connection", context);
        return null;
    }

    private static SniForwardFilterConfig? SniForwarding(Filter filter, DecodeContext context)
    {
        if (!context.TryRead(filter.TypedConfig, "typed_config", out SniForward? message))
            return null;
        uint? port = message.PortSpecifierCase == SniForward.PortSpecifierOneofCase.PortValue ? message.PortValue : null;
        return new SniForwardFilterConfig(filter.Name, (int)context.ReadNumber(port, "typed_config.port_value", 443, 1, System.Net.IPEndPoint.MaxPort));
    }

    private static NetworkFilterConfig? Mongo(Filter filter, DecodeContext context)
    {
        if (context.TryRead(filter.TypedConfig, "typed_config", out MongoProxy? message) && message.Delay is not null)
            context.RefuseValue("typed_config.delay", "set", "absent; delays on TCP are not injected");
        return Statistics("MongoProxy", context);
    }

    private static NetworkFilterConfig? Statistics(string type, DecodeContext context)
    {
        context.Ignore($"network filter {type}", "it only counts");
        return null;
    }
}
