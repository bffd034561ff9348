using System.Globalization;
using System.Net;
using Waypoint.Model.Authorization;

namespace Waypoint.Model.Edge;

/// <summary>Addresses that are trusted or count as internal (<c>InternalAddressConfig.cidr_ranges</c>, <c>xff_trusted_cidrs</c>). Immutable.</summary>
public sealed class AddressSet(IReadOnlyList<AddressBlock> blocks)
{
    /// <summary>No address.</summary>
    public static AddressSet None { get; } = new([]);

    /// <summary>Private networks of RFC 1918, fd00::/8 and loopback: what counted as internal before Envoy 1.33 and what the documentation still calls so.</summary>
    public static AddressSet Private { get; } = Of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1/128", "fd00::/8");

    /// <summary>Every address.</summary>
    public static AddressSet All { get; } = Of("0.0.0.0/0", "::/0");

    /// <summary>Whether the set is empty.</summary>
    public bool IsEmpty => blocks.Count == 0;

    /// <summary>Whether <paramref name="address"/> lies in one of the blocks.</summary>
    public bool Contains(IPAddress address)
    {
        foreach (var block in blocks)
        {
            if (block.Contains(address))
                return true;
        }

        return false;
    }

    private static AddressSet Of(params ReadOnlySpan<string> blocks)
    {
        var made = new List<AddressBlock>(blocks.Length);
        foreach (var text in blocks)
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            if (AddressBlock.TryCreate(text[..slash], uint.Parse(text.AsSpan(slash + 1), CultureInfo.InvariantCulture), out var block))
                made.Add(block);
        }

        return new AddressSet(made);
    }
}
