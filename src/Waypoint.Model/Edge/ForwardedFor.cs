using System.Net;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Edge;

/// <summary>Reads and extends <c>x-forwarded-for</c>.</summary>
public static class ForwardedFor
{
    // The longest text of an IPv6 address; longer texts are not parsed.
    private const int MaxAddressText = 45;

    /// <summary>The address at place <paramref name="skip"/> from the end; null if there is none or it is no address.</summary>
    /// <param name="list">The header's lines with commas between.</param>
    /// <param name="skip">Entries to pass over at the end.</param>
    /// <param name="isOnly">True if the list has no other entry.</param>
    public static IPAddress? Last(ReadOnlySpan<char> list, int skip, out bool isOnly)
    {
        isOnly = false;
        var rest = list;
        for (var i = 0; i < skip; i++)
        {
            var before = rest.LastIndexOf(',');
            if (before < 0)
                return null;
            rest = rest[..before];
        }

        var comma = rest.LastIndexOf(',');
        var address = Parse(rest[(comma + 1)..]);
        isOnly = address is not null && skip == 0 && comma < 0;
        return address;
    }

    /// <summary>The last address that is no trusted proxy's; the first one if all are. Null if an entry on the way is no address.</summary>
    public static IPAddress? LastUntrusted(ReadOnlySpan<char> list, AddressSet trusted)
    {
        var rest = list;
        while (true)
        {
            var comma = rest.LastIndexOf(',');
            if (Parse(rest[(comma + 1)..]) is not { } address)
                return null;
            if (comma < 0 || !trusted.Contains(address))
                return address;
            rest = rest[..comma];
        }
    }

    /// <summary>The list with <paramref name="address"/> at its end; without a blank, as Envoy writes it.</summary>
    public static void Append<THeaders>(ref THeaders headers, IPAddress address)
        where THeaders : struct, IMutableHeaders => Lines.Append(ref headers, HeaderNames.ForwardedFor, ",", address.ToString());

    private static IPAddress? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        // IPAddress also reads scoped addresses and numbers in other forms; only what an address prints as counts.
        return text.Length is > 1 and <= MaxAddressText && text.IndexOfAny('%', '[') < 0 && text.IndexOfAny('.', ':') >= 0 && IPAddress.TryParse(text, out var address) ? address : null;
    }
}
