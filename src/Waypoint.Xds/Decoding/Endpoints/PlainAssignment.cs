using System.Net;
using System.Text;
using Google.Protobuf;
using Waypoint.Model.Endpoints;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Endpoint = Waypoint.Model.Endpoints.Endpoint;

namespace Waypoint.Xds.Decoding.Endpoints;

/// <summary>Reads load assignments of the one form that nearly all have (pods behind HBONE with a workload, nothing else) without making messages of them: endpoints change more often
/// than all the rest together, and the parsed metadata of one takes ten times the room of its model. Whatever is not exactly of this form, down to a field sent twice or a character
/// beyond ASCII, is left to <see cref="LoadAssignmentDecoder"/>; what is read here is read as that would, which a test holds them to.</summary>
internal static class PlainAssignment
{
    private const WireFormat.WireType Block = WireFormat.WireType.LengthDelimited;

    /// <summary>The endpoints; null if the general decoder has to say.</summary>
    /// <param name="name">Name of the resource, which has to be the cluster's.</param>
    /// <param name="bytes">A <c>ClusterLoadAssignment</c>, untrusted.</param>
    /// <param name="known">The version before: endpoints that are in it already are the same objects. Null: none.</param>
    public static ClusterEndpoints? TryRead(string name, ReadOnlySpan<byte> bytes, ClusterEndpoints? known = null)
    {
        var before = new KnownEndpoints(known);
        List<LocalityEndpoints>? localities = null;
        bool named = false;
        var fields = new WireFields(bytes);
        while (fields.TryNext(out int number, out _, out Range content))
        {
            switch (number)
            {
                case ClusterLoadAssignment.ClusterNameFieldNumber when fields.WireType == Block && !named && Ascii.Equals(bytes[content], name):
                    named = true;
                    break;
                case ClusterLoadAssignment.EndpointsFieldNumber when fields.WireType == Block && Locality(bytes[content], before) is { } locality:
                    (localities ??= new(1)).Add(locality);
                    break;
                default:
                    return null;
            }
        }

        if (fields.Malformed || !named)
            return null;
        return localities is null ? ClusterEndpoints.Empty : new ClusterEndpoints(localities.ToArray());
    }

    private static LocalityEndpoints? Locality(ReadOnlySpan<byte> bytes, KnownEndpoints known)
    {
        Place? place = null;
        uint? weight = null;
        uint? priority = null;
        int count = 0;
        var fields = new WireFields(bytes);
        while (fields.TryNext(out int number, out _, out Range content))
        {
            switch (number)
            {
                case LocalityLbEndpoints.LocalityFieldNumber when fields.WireType == Block && place is null && TryPlace(bytes[content], out Place found):
                    place = found;
                    break;
                case LocalityLbEndpoints.LbEndpointsFieldNumber when fields.WireType == Block:
                    count++;
                    break;
                case LocalityLbEndpoints.LoadBalancingWeightFieldNumber when fields.WireType == Block && weight is null && TryNumber(bytes[content], out uint value):
                    weight = value;
                    break;
                case LocalityLbEndpoints.PriorityFieldNumber when fields.WireType == WireFormat.WireType.Varint && priority is null && fields.Varint <= uint.MaxValue:
                    priority = (uint)fields.Varint;
                    break;
                default:
                    return null;
            }
        }

        if (fields.Malformed || Endpoints(bytes, count, known) is not { } endpoints)
            return null;
        Place where = place ?? new Place("", "", "");
        return new LocalityEndpoints(where.Region, where.Zone, where.SubZone, priority ?? 0, weight ?? 0, endpoints);
    }

    private static Endpoint[]? Endpoints(ReadOnlySpan<byte> locality, int count, KnownEndpoints known)
    {
        var endpoints = new Endpoint[count];
        int end = 0;
        var fields = new WireFields(locality);
        while (fields.TryNext(out int number, out _, out Range content))
        {
            if (number != LocalityLbEndpoints.LbEndpointsFieldNumber)
                continue;
            if (One(locality[content], known) is not { } endpoint)
                return null;
            endpoints[end++] = endpoint;
        }

        return endpoints;
    }

    private static Endpoint? One(ReadOnlySpan<byte> bytes, KnownEndpoints known)
    {
        ReadOnlySpan<byte> id = default, local = default, workload = default;
        EndpointHealth? health = null;
        uint? weight = null;
        bool described = false;
        var fields = new WireFields(bytes);
        while (fields.TryNext(out int number, out _, out Range content))
        {
            switch (number)
            {
                case LbEndpoint.EndpointFieldNumber when fields.WireType == Block && id.IsEmpty && TryAddress(bytes[content], out id):
                    break;
                case LbEndpoint.HealthStatusFieldNumber when fields.WireType == WireFormat.WireType.Varint && health is null && fields.Varint <= (ulong)HealthStatus.Unhealthy:
                    health = fields.Varint == (ulong)HealthStatus.Unhealthy ? EndpointHealth.Unhealthy : EndpointHealth.Healthy;
                    break;
                case LbEndpoint.MetadataFieldNumber when fields.WireType == Block && !described && TryMetadata(bytes[content], out local, out workload):
                    described = true;
                    break;
                case LbEndpoint.LoadBalancingWeightFieldNumber when fields.WireType == Block && weight is null && TryNumber(bytes[content], out uint value) && value > 0:
                    weight = value;
                    break;
                default:
                    return null;
            }
        }

        if (fields.Malformed || id.IsEmpty)
            return null;
        ReadOnlySpan<byte> address = local.IsEmpty ? id : local;
        if (known.Find(address, weight ?? 1, health ?? EndpointHealth.Healthy, workload) is { } same)
            return same;
        string text = Encoding.ASCII.GetString(address);
        if (!AddressText.TryParseEndpoint(text, out IPEndPoint? place))
            return null;
        return new Endpoint
        {
            Kind = EndpointKind.Hbone,
            Address = place,
            AddressText = text,
            Weight = weight ?? 1,
            Health = health ?? EndpointHealth.Healthy,
            Workload = workload.IsEmpty ? null : SharedText.OfUtf8(workload),
        };
    }

    /// <summary>An endpoint that holds the internal address <c>connect_originate</c> with an id, and nothing else.</summary>
    private static bool TryAddress(ReadOnlySpan<byte> endpoint, out ReadOnlySpan<byte> id)
    {
        id = default;
        return TrySingle(endpoint, Protos.Envoy.Config.Endpoint.V3.Endpoint.AddressFieldNumber, out ReadOnlySpan<byte> address)
            && TrySingle(address, Address.EnvoyInternalAddressFieldNumber, out ReadOnlySpan<byte> inside)
            && TryTwo(inside, EnvoyInternalAddress.ServerListenerNameFieldNumber, EnvoyInternalAddress.EndpointIdFieldNumber, out ReadOnlySpan<byte> listener, out id)
            && listener.SequenceEqual("connect_originate"u8) && !id.IsEmpty && Ascii.IsValid(id);
    }

    /// <summary><c>filter_metadata</c> with <c>original_dst.local</c>, <c>istio.workload</c> or both; neither is empty if it is there.</summary>
    private static bool TryMetadata(ReadOnlySpan<byte> metadata, out ReadOnlySpan<byte> local, out ReadOnlySpan<byte> workload)
    {
        local = workload = default;
        var fields = new WireFields(metadata);
        while (fields.TryNext(out int number, out _, out Range content))
        {
            // A map entry: the space and a Struct, in which again are entries, each of a key and a Value.
            if (number != Metadata.FilterMetadataFieldNumber || fields.WireType != Block
                || !TryTwo(metadata[content], 1, 2, out ReadOnlySpan<byte> space, out ReadOnlySpan<byte> all)
                || !TrySingle(all, Google.Protobuf.WellKnownTypes.Struct.FieldsFieldNumber, out ReadOnlySpan<byte> entry)
                || !TryTwo(entry, 1, 2, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
                || !TrySingle(value, Google.Protobuf.WellKnownTypes.Value.StringValueFieldNumber, out ReadOnlySpan<byte> text)
                || text.IsEmpty || !Ascii.IsValid(text))
            {
                return false;
            }

            if (workload.IsEmpty && space.SequenceEqual("istio"u8) && key.SequenceEqual("workload"u8))
                workload = text;
            else if (local.IsEmpty && space.SequenceEqual("envoy.filters.listener.original_dst"u8) && key.SequenceEqual("local"u8))
                local = text;
            else
                return false;
        }

        return !fields.Malformed;
    }

    private static bool TryPlace(ReadOnlySpan<byte> locality, out Place place)
    {
        place = default;
        string? region = null, zone = null, subZone = null;
        var fields = new WireFields(locality);
        while (fields.TryNext(out int number, out _, out Range content))
        {
            if (fields.WireType != Block || !Ascii.IsValid(locality[content]))
                return false;
            string text = SharedText.OfUtf8(locality[content]);
            if (number == Protos.Envoy.Config.Core.V3.Locality.RegionFieldNumber && region is null)
                region = text;
            else if (number == Protos.Envoy.Config.Core.V3.Locality.ZoneFieldNumber && zone is null)
                zone = text;
            else if (number == Protos.Envoy.Config.Core.V3.Locality.SubZoneFieldNumber && subZone is null)
                subZone = text;
            else
                return false;
        }

        place = new Place(region ?? "", zone ?? "", subZone ?? "");
        return !fields.Malformed;
    }

    /// <summary>A <c>UInt32Value</c>.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> wrapper, out uint value)
    {
        var fields = new WireFields(wrapper);
        bool found = fields.TryNext(out int number, out _, out _) && number == 1 && fields.WireType == WireFormat.WireType.Varint && fields.Varint <= uint.MaxValue;
        value = found ? (uint)fields.Varint : 0;
        return found && !fields.TryNext(out _, out _, out _) && !fields.Malformed;
    }

    /// <summary>The content of a message that consists of one block field.</summary>
    private static bool TrySingle(ReadOnlySpan<byte> message, int field, out ReadOnlySpan<byte> content)
    {
        var fields = new WireFields(message);
        bool found = fields.TryNext(out int number, out _, out Range range) && number == field && fields.WireType == Block;
        content = found ? message[range] : default;
        return found && !fields.TryNext(out _, out _, out _) && !fields.Malformed;
    }

    /// <summary>The contents of a message that consists of two block fields, each once, in any order.</summary>
    private static bool TryTwo(ReadOnlySpan<byte> message, int firstField, int secondField, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        first = second = default;
        bool haveFirst = false, haveSecond = false;
        var fields = new WireFields(message);
        while (fields.TryNext(out int number, out _, out Range range))
        {
            if (fields.WireType != Block)
                return false;
            if (number == firstField && !haveFirst)
            {
                first = message[range];
                haveFirst = true;
            }
            else if (number == secondField && !haveSecond)
            {
                second = message[range];
                haveSecond = true;
            }
            else
            {
                return false;
            }
        }

        return haveFirst && haveSecond && !fields.Malformed;
    }

    private readonly record struct Place(string Region, string Zone, string SubZone);
}
