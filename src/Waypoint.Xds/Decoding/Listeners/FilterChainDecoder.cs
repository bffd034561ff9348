using Google.Protobuf;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Hashing;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.TcpProxy.V3;
using ChainMessage = Waypoint.Protos.Envoy.Config.Listener.V3.FilterChain;
using FilterChain = Waypoint.Model.FilterChains.FilterChain;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>One serialised <c>filter_chains</c> element of <c>main_internal</c> to <see cref="FilterChain"/>.</summary>
internal static class FilterChainDecoder
{
    /// <summary>Decodes a chain. Never throws on what a peer sent.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="bytes">The element.</param>
    /// <param name="contentHash">Hash of <paramref name="bytes"/>.</param>
    public static Decoded<DecodedChain> Decode(string name, ReadOnlySpan<byte> bytes, ContentHash contentHash)
    {
        var context = new DecodeContext(new DecodeSubject("Filter chain '{0}'", name));
        ChainMessage message;
        try
        {
            message = ChainMessage.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            context.Refuse("", "the bytes are no FilterChain");
            return new Decoded<DecodedChain>(null, context);
        }

        DecodedChain chain = Decode(message, contentHash, context);
        context.Check(bytes, ProtoName.Of<ChainMessage>());
        return new Decoded<DecodedChain>(context.HasProblems ? null : chain, context);
    }

    private static DecodedChain Decode(ChainMessage message, ContentHash contentHash, DecodeContext context)
    {
        if (message.FilterChainMatch is { } match && match.CalculateSize() > 0)
            context.RefuseValue("filter_chain_match", "set", "absent; filter_chain_matcher decides");
        if (message.TransportSocket is not null)
            context.RefuseValue("transport_socket", $"'{message.TransportSocket.Name}'", "absent; traffic inside a tunnel has none");
        if (message.UseProxyProto ?? false)
            context.RefuseValue("use_proxy_proto", "true", "false");

        var clusters = new HashSet<string>(StringComparer.Ordinal);
        var filters = new List<NetworkFilterConfig>();
        HttpConnectionConfig? http = null;
        TcpProxyConfig? tcp = null;
        for (int i = 0; i < message.Filters.Count; i++)
        {
            using DecodeScope scope = context.Field("filters", i);
            Filter filter = message.Filters[i];
            string type = filter.TypedConfig is { } any ? TypedConfig.NameOf(any) : "";
            bool last = i == message.Filters.Count - 1;
            if (last && type == ProtoName.Of<HttpConnectionManager>())
                http = Http(filter, clusters, context);
            else if (last && type == ProtoName.Of<TcpProxy>())
                tcp = Tcp(filter, clusters, context);
            else if (NetworkFilterDecoders.Decode(filter, context) is { } config)
            {
                filters.Add(config);
                clusters.UnionWith(config.Clusters);
            }
        }

        if (http is null && tcp is null && !context.HasProblems)
            context.Refuse("filters", "the last one must be the HTTP connection manager or the TCP proxy");
        // Policies of an HTTP chain stand inside its connection manager; one in front of it would be a form that istiod does not send.
        if (http is not null && filters.Count > 0)
            context.Refuse("filters", $"network filter '{filters[0].Name}' before an HTTP connection manager is not implemented");
        return new DecodedChain(
            new FilterChain { Name = SharedText.Of(message.Name), ContentHash = contentHash, Http = http, Tcp = tcp, NetworkFilters = filters.Count == 0 ? [] : filters },
            [.. clusters.Select(SharedText.Of)]);
    }

    private static HttpConnectionConfig? Http(Filter filter, HashSet<string> clusters, DecodeContext context) =>
        context.TryRead(filter.TypedConfig, "typed_config", out HttpConnectionManager? message) ? HttpConnectionDecoder.Decode(message, clusters, context) : null;

    private static TcpProxyConfig? Tcp(Filter filter, HashSet<string> clusters, DecodeContext context)
    {
        if (!context.TryRead(filter.TypedConfig, "typed_config", out TcpProxy? message))
            return null;
        TcpProxyConfig config = TcpProxyDecoder.Decode(message, context);
        foreach (WeightedTcpCluster cluster in config.Clusters)
            clusters.Add(cluster.Cluster);
        return config;
    }
}
