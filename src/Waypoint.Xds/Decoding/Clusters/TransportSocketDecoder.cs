using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Clusters;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.InternalUpstream.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.ProxyProtocol.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.RawBuffer.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary><c>transport_socket</c> and <c>transport_socket_matches</c> of a cluster. The sockets of Envoy's internal hops are looked through: only what stands
/// inside them reaches a wire.</summary>
internal static class TransportSocketDecoder
{
    private const int MaxNesting = 4;

    /// <summary>The choices in order; the last one is the default.</summary>
    public static IReadOnlyList<TransportSocketChoice> Decode(Cluster message, DecodeContext context)
    {
        string? refusedDefault = Refusal(message.TransportSocket, "transport_socket", context);
        if (message.TransportSocketMatches.Count == 0 && refusedDefault is null)
            return PlainOnly;

        var choices = new List<TransportSocketChoice>(message.TransportSocketMatches.Count + 1);
        foreach (Cluster.Types.TransportSocketMatch match in message.TransportSocketMatches)
        {
            string field = $"transport_socket_matches '{match.Name}'";
            choices.Add(new TransportSocketChoice(match.Name, Labels(match, field, context), Refusal(match.TransportSocket, field, context)));
        }

        choices.Add(new TransportSocketChoice(TransportSocketChoice.Plain.Name, TransportSocketChoice.Plain.Labels, refusedDefault));
        return choices;
    }

    private static TransportSocketChoice[] PlainOnly { get; } = [TransportSocketChoice.Plain];

    private static Dictionary<string, string> Labels(Cluster.Types.TransportSocketMatch match, string field, DecodeContext context)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, Value> label in match.Match?.Fields ?? [])
        {
            if (label.Value.KindCase != Value.KindOneofCase.StringValue)
                context.RefuseValue($"{field}.match.{label.Key}", label.Value.KindCase.ToString(), "a string");
            labels[label.Key] = label.Value.StringValue;
        }

        return labels;
    }

    /// <summary>Null if the bytes go out as they are, else what is asked for and not implemented. A type that nobody knows refuses the whole cluster.</summary>
    private static string? Refusal(TransportSocket? socket, string field, DecodeContext context)
    {
        for (int depth = 0; depth < MaxNesting; depth++)
        {
            if (socket is null)
                return null;
            string type = socket.TypedConfig is null ? "" : TypedConfig.NameOf(socket.TypedConfig);
            if (type == ProtoName.Of<RawBuffer>())
                return null;
            if (type == ProtoName.Of<UpstreamTlsContext>())
                return "TLS origination (UpstreamTlsContext) is not implemented";
            if (type == ProtoName.Of<ProxyProtocolUpstreamTransport>())
                return "the PROXY protocol (ProxyProtocolUpstreamTransport) is not implemented";
            if (type != ProtoName.Of<InternalUpstreamTransport>())
            {
                context.RefuseValue(
                    field + ".typed_config", $"of type '{type}'",
                    $"{nameof(RawBuffer)}, {nameof(InternalUpstreamTransport)}, {nameof(UpstreamTlsContext)} or {nameof(ProxyProtocolUpstreamTransport)}");
                return "";
            }

            if (!context.TryRead(socket.TypedConfig, field + ".typed_config", out InternalUpstreamTransport? inner))
                return "";
            socket = inner.TransportSocket;
            field += ".typed_config.transport_socket";
        }

        context.RefuseValue(field, "nested too deep", $"at most {MaxNesting} sockets");
        return "";
    }
}
