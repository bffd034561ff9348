using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using NetworkExtAuthz = Waypoint.Protos.Envoy.Extensions.Filters.Network.ExtAuthz.V3.ExtAuthz;
using NetworkRbac = Waypoint.Protos.Envoy.Extensions.Filters.Network.Rbac.V3.RBAC;
using RouteMatch = Waypoint.Protos.Envoy.Config.Route.V3.RouteMatch;

namespace Waypoint.Conformance.Tests.Recordings;

/// <summary>Everything that can be put into, or taken out of, the security parts of one message, each change on its own: an unknown field in every message of them, an unknown
/// value in every enumeration, an unknown type in every Any, and every set field missing.</summary>
/// <param name="type">The message.</param>
/// <param name="bytes">Its bytes.</param>
internal sealed class SecurityMutations(MessageDescriptor type, ByteString bytes)
{
    private const int UnknownField = 8000;
    private const int UnknownValue = 12_345;
    private const string UnknownType = ProtoRegistry.TypeUrlPrefix + "unknown.example.Thing";

    /// <summary>Messages with which a security part begins; all below them belongs to it, through every Any.</summary>
    private static readonly HashSet<string> Roots =
    [
        RBAC.Descriptor.FullName, RBACPerRoute.Descriptor.FullName, NetworkRbac.Descriptor.FullName,
        ExtAuthz.Descriptor.FullName, ExtAuthzPerRoute.Descriptor.FullName, NetworkExtAuthz.Descriptor.FullName,
        JwtAuthentication.Descriptor.FullName, PerRouteConfig.Descriptor.FullName,
        RouteMatch.Descriptor.FullName, DownstreamTlsContext.Descriptor.FullName,
    ];

    /// <summary>Every change, in a fixed order.</summary>
    public IEnumerable<SecurityMutation> All()
    {
        var found = new List<(SecurityMutationKind Kind, string Text)>();
        Visit(type.Parser.ParseFrom(bytes), strict: false, "", (_, path, kind, text) =>
        {
            found.Add((kind, $"{path}: {text}"));
            return false;
        });
        for (int i = 0; i < found.Count; i++)
            yield return new SecurityMutation(found[i].Kind, found[i].Text, Make(i));
    }

    private Func<ByteString> Make(int index) => () =>
    {
        IMessage message = type.Parser.ParseFrom(bytes);
        int seen = 0;
        Visit(message, strict: false, "", (change, _, _, _) =>
        {
            if (seen++ != index)
                return false;
            change();
            return true;
        });
        return message.ToByteString();
    };

    private delegate bool Offer(Action change, string path, SecurityMutationKind kind, string text);

    /// <summary>Offers every change below a message; true as soon as one was taken, so that each Any on the way up is packed again.</summary>
    private static bool Visit(IMessage message, bool strict, string path, Offer offer)
    {
        strict |= Roots.Contains(message.Descriptor.FullName);
        if (strict && OfferOwn(message, path, offer))
            return true;
        if (message is Any any)
            return VisitAny(any, strict, path, offer);
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            string at = path.Length == 0 ? field.Name : path + "." + field.Name;
            if (VisitField(message, field, strict, at, offer))
                return true;
        }

        return false;
    }

    private static bool VisitField(IMessage message, FieldDescriptor field, bool strict, string at, Offer offer)
    {
        object? value = field.Accessor.GetValue(message);
        if (field.IsMap)
            return value is System.Collections.IDictionary map && VisitMap(map, strict, at, offer);
        if (field.IsRepeated)
        {
            if (strict && ((System.Collections.IList)value!).Count > 0 && offer(() => field.Accessor.Clear(message), at, SecurityMutationKind.MissingField, "is missing"))
                return true;
            return field.FieldType == FieldType.Message && VisitList((System.Collections.IList)value!, strict, at, offer);
        }

        if (strict && IsSet(message, field, value) && offer(() => field.Accessor.Clear(message), at, SecurityMutationKind.MissingField, "is missing"))
            return true;
        if (strict && field.FieldType == FieldType.Enum && offer(() => Merge(message, field.FieldNumber, UnknownValue), at, SecurityMutationKind.UnknownValue, $"{UnknownValue}"))
            return true;
        return field.FieldType == FieldType.Message && value is IMessage child && Visit(child, strict, at, offer);
    }

    private static bool VisitList(System.Collections.IList list, bool strict, string at, Offer offer)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is IMessage child && Visit(child, strict, $"{at}[{i}]", offer))
                return true;
        }

        return false;
    }

    private static bool VisitMap(System.Collections.IDictionary map, bool strict, string at, Offer offer)
    {
        foreach (object key in map.Keys.Cast<object>().OrderBy(static key => key.ToString(), StringComparer.Ordinal).ToArray())
        {
            if (map[key] is IMessage child && Visit(child, strict, $"{at}['{key}']", offer))
                return true;
        }

        return false;
    }

    private static bool VisitAny(Any any, bool strict, string path, Offer offer)
    {
        if (strict && offer(() => any.TypeUrl = UnknownType, path, SecurityMutationKind.UnknownType, UnknownType))
            return true;
        if (!ProtoRegistry.TryFind(any.TypeUrl, out MessageDescriptor? inner))
            return false;
        // A filter's own type counts as well: it stands in a holder that is no security part itself.
        if (!strict && Roots.Contains(inner.FullName) && offer(() => any.TypeUrl = UnknownType, path, SecurityMutationKind.UnknownType, UnknownType))
            return true;
        IMessage content = inner.Parser.ParseFrom(any.Value);
        if (!Visit(content, strict, path, offer))
            return false;
        any.Value = content.ToByteString();
        return true;
    }

    private static bool OfferOwn(IMessage message, string path, Offer offer) =>
        // These hold any data by design, or are one number.
        !message.Descriptor.FullName.StartsWith("google.protobuf.", StringComparison.Ordinal)
        && offer(() => Merge(message, UnknownField, 1), path, SecurityMutationKind.UnknownField, $"field {UnknownField}");

    private static bool IsSet(IMessage message, FieldDescriptor field, object? value) => field.ContainingOneof is { } oneof
        ? oneof.Accessor.GetCaseFieldDescriptor(message) == field
        : value switch
        {
            null => false,
            string text => text.Length > 0,
            ByteString text => text.Length > 0,
            bool flag => flag,
            IMessage => true,
            _ => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) != 0,
        };

    private static void Merge(IMessage message, int field, int value)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteInt32(value);
        }

        message.MergeFrom(stream.ToArray());
    }
}
