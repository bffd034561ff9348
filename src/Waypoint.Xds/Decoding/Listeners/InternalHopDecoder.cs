using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.TcpProxy.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>The listeners that wrap bytes into tunnels on their way out. What they do is fixed and done by the tunnel layer; a filter that somebody added to one must not
/// be passed over, though.</summary>
internal static class InternalHopDecoder
{
    private static readonly string[] SentHeaders = ["x-istio-source", "x-forwarded-network"];

    private static readonly string[] Hostnames = ["%DOWNSTREAM_LOCAL_ADDRESS%", "%FILTER_STATE(istio.double_hbone.hbone_target_address:PLAIN)%"];

    /// <summary>Checks the listener: nothing but the known filters, and a TCP proxy to the cluster of the same name. Returns the headers of its CONNECT.</summary>
    public static Dictionary<string, string> Decode(Listener message, DecodeContext context)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (FilterChain chain in message.FilterChains)
        {
            for (int i = 0; i < chain.Filters.Count; i++)
            {
                using DecodeScope scope = context.Field("filters", i);
                Filter filter = chain.Filters[i];
                bool last = i == chain.Filters.Count - 1;
                if (!last || filter.TypedConfig is not { } any || TypedConfig.NameOf(any) != ProtoName.Of<TcpProxy>())
                    NetworkFilterDecoders.Decode(filter, context);
                else if (context.TryRead(any, "typed_config", out TcpProxy? proxy))
                    Check(message.Name, proxy, headers, context);
            }
        }

        return headers;
    }

    private static void Check(string listener, TcpProxy proxy, Dictionary<string, string> headers, DecodeContext context)
    {
        if (proxy.Cluster != listener)
            context.RefuseValue("typed_config.cluster", $"'{proxy.Cluster}'", $"'{listener}'");
        if (proxy.TunnelingConfig is not { } tunneling)
            return;
        if (!Hostnames.Contains(tunneling.Hostname))
            context.RefuseValue("typed_config.tunneling_config.hostname", $"'{tunneling.Hostname}'", string.Join(" or ", Hostnames));
        if (tunneling.UsePost)
            context.RefuseValue("typed_config.tunneling_config.use_post", "true", "false");
        foreach (HeaderValueOption option in tunneling.HeadersToAdd)
        {
            string name = option.Header?.Key.ToLowerInvariant() ?? "";
            if (SentHeaders.Contains(name))
                headers[name] = option.Header!.Value;
            else
                context.Ignore($"typed_config.tunneling_config.headers_to_add '{name}'", "only " + string.Join(" and ", SentHeaders) + " are sent");
        }
    }
}
