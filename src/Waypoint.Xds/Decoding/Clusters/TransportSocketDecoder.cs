using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Clusters;
using Waypoint.Model.Hashing;
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
    private static readonly IReadOnlyList<TransportSocketChoice> None = [TransportSocketChoice.Plain];
    private static readonly SharedParts<TransportSocket, IReadOnlyList<TransportSocketChoice>> Shared = new();

    /// <summary>The choices in order; the last one is the default.</summary>
    public static IReadOnlyList<TransportSocketChoice> Decode(Cluster message, DecodeContext context)
    {
        IReadOnlyList<TransportSocketChoice> byDefault = message.TransportSocket is { } sent ? Shared.Get(sent, context, Default) : None;
        if (message.TransportSocketMatches.Count == 0)
            return byDefault;

        var choices = new List<TransportSocketChoice>(message.TransportSocketMatches.Count + 1);
        foreach (Cluster.Types.TransportSocketMatch match in message.TransportSocketMatches)
        {
            string field = $"transport_socket_matches '{match.Name}'";
            choices.Add(Choice(match.Name, Labels(match, field, context), match.TransportSocket, field, context));
        }

        choices.AddRange(byDefault);
        return choices;
    }

    private static IReadOnlyList<TransportSocketChoice> Default(TransportSocket socket, DecodeContext context) =>
        [Choice(TransportSocketChoice.Plain.Name, TransportSocketChoice.Plain.Labels, socket, "transport_socket", context)];

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

    private static TransportSocketChoice Choice(string name, IReadOnlyDictionary<string, string> labels, TransportSocket? socket, string field, DecodeContext context)
    {
        using DecodeScope scope = context.Field(field);
        var choice = new TransportSocketChoice(name, labels, null)
        {
            ContentHash = socket is null ? ContentHash.None : ContentHash.Of(socket.ToByteArray()),
        };
        return Layers(socket, choice, context);
    }

    /// <summary>Goes through the sockets from the outermost to the innermost.</summary>
    private static TransportSocketChoice Layers(TransportSocket? socket, TransportSocketChoice choice, DecodeContext context)
    {
        for (int depth = 0; depth < MaxNesting; depth++)
        {
            string type = socket?.TypedConfig is { } config ? TypedConfig.NameOf(config) : "";
            if (socket is null || type == ProtoName.Of<RawBuffer>())
                return choice;
            if (type == ProtoName.Of<UpstreamTlsContext>())
            {
                return context.TryRead(socket.TypedConfig, "typed_config", out UpstreamTlsContext? tls)
                    ? choice with { Tls = UpstreamTlsDecoder.Decode(tls, context) }
                    : choice;
            }

            if (type == ProtoName.Of<ProxyProtocolUpstreamTransport>())
            {
                if (!context.TryRead(socket.TypedConfig, "typed_config", out ProxyProtocolUpstreamTransport? proxy))
                    return choice;
                choice = choice with { ProxyProtocol = Version(proxy.Config, context) };
                socket = proxy.TransportSocket;
            }
            else if (type == ProtoName.Of<InternalUpstreamTransport>())
            {
                if (!context.TryRead(socket.TypedConfig, "typed_config", out InternalUpstreamTransport? inner))
                    return choice;
                socket = inner.TransportSocket;
            }
            else
            {
                context.RefuseValue(
                    "typed_config", $"of type '{type}'",
                    $"{nameof(RawBuffer)}, {nameof(InternalUpstreamTransport)}, {nameof(UpstreamTlsContext)} or {nameof(ProxyProtocolUpstreamTransport)}");
                return choice;
            }
        }

        context.RefuseValue("", "nested too deep", $"at most {MaxNesting} sockets");
        return choice;
    }

    private static ProxyProtocolVersion Version(ProxyProtocolConfig? config, DecodeContext context)
    {
        if (config is { AddedTlvs.Count: > 0 } or { PassThroughTlvs: not null })
            context.RefuseValue("typed_config.config", "TLVs", "a version only");
        switch (config?.Version ?? ProxyProtocolConfig.Types.Version.V1)
        {
            case ProxyProtocolConfig.Types.Version.V1:
                return ProxyProtocolVersion.V1;
            case ProxyProtocolConfig.Types.Version.V2:
                return ProxyProtocolVersion.V2;
            default:
                context.RefuseValue("typed_config.config.version", ((int)config!.Version).ToString(null, null), "V1 or V2");
                return ProxyProtocolVersion.V1;
        }
    }
}
