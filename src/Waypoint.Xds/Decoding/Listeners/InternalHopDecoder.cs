using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.TcpProxy.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>The listeners that wrap bytes into tunnels on their way out. What they do is fixed and done by the tunnel layer; a filter that somebody added to one must not
/// be passed over, though.</summary>
internal static class InternalHopDecoder
{
    /// <summary>Checks the listener: nothing but the known filters, and a TCP proxy to the cluster of the same name.</summary>
    public static void Check(Listener message, DecodeContext context)
    {
        foreach (FilterChain chain in message.FilterChains)
        {
            for (int i = 0; i < chain.Filters.Count; i++)
            {
                using DecodeScope scope = context.Field("filters", i);
                Filter filter = chain.Filters[i];
                bool last = i == chain.Filters.Count - 1;
                if (!last || filter.TypedConfig is not { } any || TypedConfig.NameOf(any) != ProtoName.Of<TcpProxy>())
                    NetworkFilterDecoders.Decode(filter, context);
                else if (context.TryRead(any, "typed_config", out TcpProxy? proxy) && proxy.Cluster != message.Name)
                    context.RefuseValue("typed_config.cluster", $"'{proxy.Cluster}'", $"'{message.Name}'");
            }
        }
    }
}
