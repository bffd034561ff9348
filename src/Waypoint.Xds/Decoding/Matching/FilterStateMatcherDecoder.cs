using System.Globalization;
using System.Net;
using Waypoint.Model.Matching;
using CidrRange = Waypoint.Protos.Xds.Core.V3.CidrRange;
using Proto = Waypoint.Protos.Envoy.Type.Matcher.V3;

namespace Waypoint.Xds.Decoding.Matching;

/// <summary>Decodes <c>envoy.type.matcher.v3.FilterStateMatcher</c>. Always returns a matcher; after a problem it must not be used.</summary>
public static class FilterStateMatcherDecoder
{
    /// <summary>Decodes the current message.</summary>
    public static FilterStateMatcher Decode(Proto.FilterStateMatcher message, DecodeContext context)
    {
        if (message.Key.Length == 0)
            context.Refuse("key", "is required");
        switch (message.MatcherCase)
        {
            case Proto.FilterStateMatcher.MatcherOneofCase.StringMatch:
                return FilterStateMatcher.Text(message.Key, StringMatcherDecoder.Decode(message.StringMatch, "string_match", context));
            case Proto.FilterStateMatcher.MatcherOneofCase.AddressMatch:
                return FilterStateMatcher.Address(message.Key, DecodeRanges(message.AddressMatch, context));
            default:
                context.Refuse("", "has no condition", accepted: "string_match or address_match");
                return FilterStateMatcher.Address(message.Key, []);
        }
    }

    private static List<IPNetwork> DecodeRanges(Proto.AddressMatcher message, DecodeContext context)
    {
        var ranges = new List<IPNetwork>(message.Ranges.Count);
        for (var i = 0; i < message.Ranges.Count; i++)
        {
            if (TryDecodeRange(message.Ranges[i], out var range))
                ranges.Add(range);
            else
                context.RefuseValue($"address_match.ranges[{i}]", string.Create(CultureInfo.InvariantCulture, $"{message.Ranges[i].AddressPrefix}/{message.Ranges[i].PrefixLen}"), "an address and the length of its prefix");
        }

        return ranges;
    }

    /// <summary>Host bits of the address do not count, as in Envoy; .NET's type refuses them, so they are cleared.</summary>
    private static bool TryDecodeRange(CidrRange message, out IPNetwork range)
    {
        range = default;
        if (!IPAddress.TryParse(message.AddressPrefix, out var address))
            return false;
        var bytes = address.GetAddressBytes();
        var length = message.PrefixLen ?? 0;
        if (length > bytes.Length * 8)
            return false;
        for (var bit = (int)length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        range = new IPNetwork(new IPAddress(bytes), (int)length);
        return true;
    }
}
