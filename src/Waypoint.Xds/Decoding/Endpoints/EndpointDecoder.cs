using System.Net;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Endpoints;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Xds.Decoding.Clusters;
using Endpoint = Waypoint.Model.Endpoints.Endpoint;
using SocketAddress = Waypoint.Protos.Envoy.Config.Core.V3.SocketAddress;

namespace Waypoint.Xds.Decoding.Endpoints;

/// <summary>One <c>envoy.config.endpoint.v3.LbEndpoint</c>: which of the forms istiod uses it is, and where it leads.</summary>
internal static class EndpointDecoder
{
    private const string OriginalDestination = "envoy.filters.listener.original_dst";
    private const string SocketMatch = "envoy.transport_socket_match";
    private static readonly Endpoint Refused = new() { Kind = EndpointKind.Direct, AddressText = "" };

    public static Endpoint Decode(LbEndpoint message, DecodeContext context)
    {
        if (message.HostIdentifierCase != LbEndpoint.HostIdentifierOneofCase.Endpoint || message.Endpoint.Address is not { } address)
        {
            context.RefuseValue("endpoint.address", "absent", "a socket address or an internal address");
            return Refused;
        }

        Endpoint? placed = address.AddressCase switch
        {
            Address.AddressOneofCase.SocketAddress => Socket(address.SocketAddress, context),
            Address.AddressOneofCase.EnvoyInternalAddress => Internal(address.EnvoyInternalAddress, message.Metadata, context),
            _ => null,
        };
        if (placed is null)
        {
            context.RefuseValue("endpoint.address", address.AddressCase.ToString(), "a socket address or an internal address");
            return Refused;
        }

        return placed with
        {
            OtherAddresses = OtherAddresses(message.Endpoint, placed, context),
            Hostname = message.Endpoint.Hostname.Length > 0 ? message.Endpoint.Hostname : null,
            Weight = context.ReadNumber(message.LoadBalancingWeight, "load_balancing_weight", 1, 1, uint.MaxValue),
            Health = Health(message.HealthStatus, context),
            Labels = SubsetDecoder.Labels(message.Metadata),
            HashKey = Text(message.Metadata, "envoy.lb", "hash_key"),
            Workload = Text(message.Metadata, "istio", "workload") is { } workload ? SharedText.Of(workload) : null,
            SocketLabels = Labels(message.Metadata, context),
        };
    }

    private static string OtherAddresses(Protos.Envoy.Config.Endpoint.V3.Endpoint message, Endpoint first, DecodeContext context)
    {
        if (message.AdditionalAddresses.Count == 0)
            return "";
        var others = new List<string>(message.AdditionalAddresses.Count);
        foreach (Protos.Envoy.Config.Endpoint.V3.Endpoint.Types.AdditionalAddress other in message.AdditionalAddresses)
        {
            if (first.Kind == EndpointKind.Direct && other.Address?.SocketAddress is { } socket && Socket(socket, context) is { Kind: EndpointKind.Direct } placed)
                others.Add(placed.AddressText);
            else
                context.RefuseValue("endpoint.additional_addresses", other.Address?.AddressCase.ToString() ?? "absent", "socket addresses beside a socket address");
        }

        return string.Join(',', others);
    }

    private static Endpoint? Socket(SocketAddress address, DecodeContext context)
    {
        if (address.Protocol != SocketAddress.Types.Protocol.Tcp)
            context.RefuseValue("endpoint.address.socket_address.protocol", address.Protocol.ToString(), "TCP");
        if (address.PortSpecifierCase != SocketAddress.PortSpecifierOneofCase.PortValue || address.PortValue is 0 or > IPEndPoint.MaxPort)
        {
            context.RefuseValue("endpoint.address.socket_address.port_value", address.PortValue.ToString(null, null), "1 to 65535");
            return Refused;
        }

        int port = (int)address.PortValue;
        if (!AddressText.TryParse(address.Address, out IPAddress? ip))
            return new Endpoint { Kind = EndpointKind.HostName, AddressText = $"{address.Address}:{port}" };
        var place = new IPEndPoint(ip, port);
        return new Endpoint { Kind = EndpointKind.Direct, Address = place, AddressText = place.ToString() };
    }

    private static Endpoint? Internal(EnvoyInternalAddress address, Metadata? metadata, DecodeContext context)
    {
        switch (address.ServerListenerName)
        {
            case FixedNames.ConnectOriginate when address.EndpointId.Length == 0:
                return new Endpoint { Kind = EndpointKind.HboneToDestination, AddressText = "" };
            case FixedNames.ConnectOriginate:
                return Placed(EndpointKind.Hbone, Text(metadata, OriginalDestination, "local") ?? address.EndpointId, context);
            case FixedNames.InnerConnectOriginate:
                return Placed(EndpointKind.DoubleHbone, Text(metadata, OriginalDestination, "local") ?? address.EndpointId, context) with
                {
                    DoubleHboneTarget = Target(metadata, context),
                };
            default:
                context.RefuseValue(
                    "endpoint.address.envoy_internal_address.server_listener_name", $"'{address.ServerListenerName}'",
                    $"{FixedNames.ConnectOriginate} or {FixedNames.InnerConnectOriginate}");
                return Refused;
        }
    }

    private static Endpoint Placed(EndpointKind kind, string text, DecodeContext context)
    {
        if (AddressText.TryParseEndpoint(text, out IPEndPoint? place))
            return new Endpoint { Kind = kind, Address = place, AddressText = text };
        context.RefuseValue("endpoint.address.envoy_internal_address.endpoint_id", $"'{text}'", "address:port");
        return Refused;
    }

    private static string? Target(Metadata? metadata, DecodeContext context)
    {
        string? target = null;
        if (Find(metadata, "istio", "double_hbone") is { KindCase: Value.KindOneofCase.StructValue } inner
            && inner.StructValue.Fields.TryGetValue("hbone_target_address", out Value? value))
        {
            target = value.StringValue;
        }

        if (string.IsNullOrEmpty(target))
            context.RefuseValue("metadata.istio.double_hbone.hbone_target_address", "absent", "hostname:port");
        return target;
    }

    private static EndpointHealth Health(HealthStatus status, DecodeContext context)
    {
        switch (status)
        {
            case HealthStatus.Unknown or HealthStatus.Healthy:
                return EndpointHealth.Healthy;
            case HealthStatus.Degraded:
                return EndpointHealth.Degraded;
            case HealthStatus.Draining:
                return EndpointHealth.Draining;
            case HealthStatus.Unhealthy or HealthStatus.Timeout:
                return EndpointHealth.Unhealthy;
            default:
                context.RefuseValue("health_status", ((int)status).ToString(null, null), "0 to 5");
                return EndpointHealth.Unhealthy;
        }
    }

    private static string Labels(Metadata? metadata, DecodeContext context)
    {
        if (metadata is null || !metadata.FilterMetadata.TryGetValue(SocketMatch, out Struct? labels) || labels.Fields.Count == 0)
            return "";
        var parts = new List<string>(labels.Fields.Count);
        foreach (KeyValuePair<string, Value> label in labels.Fields)
        {
            if (label.Value.KindCase != Value.KindOneofCase.StringValue)
                context.RefuseValue($"metadata.{SocketMatch}.{label.Key}", label.Value.KindCase.ToString(), "a string");
            parts.Add($"{label.Key}={label.Value.StringValue}");
        }

        parts.Sort(StringComparer.Ordinal);
        return string.Join(',', parts);
    }

    private static string? Text(Metadata? metadata, string space, string key) =>
        Find(metadata, space, key) is { KindCase: Value.KindOneofCase.StringValue, StringValue.Length: > 0 } value ? value.StringValue : null;

    private static Value? Find(Metadata? metadata, string space, string key) =>
        metadata is not null && metadata.FilterMetadata.TryGetValue(space, out Struct? found) && found.Fields.TryGetValue(key, out Value? value) ? value : null;
}
