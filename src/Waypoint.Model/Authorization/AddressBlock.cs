using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Authorization;

/// <summary>A block of IP addresses (<c>envoy.config.core.v3.CidrRange</c>). An IPv6 block never holds an IPv4 address and the other way round; an IPv4
/// address that a dual-stack socket shows as <c>::ffff:a.b.c.d</c> counts as IPv4.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AddressBlock
{
    private const uint MappedPrefixLength = 96;

    private readonly UInt128 _bits;
    private readonly UInt128 _mask;
    private readonly bool _isIPv4;

    private AddressBlock(UInt128 bits, UInt128 mask, bool isIPv4, int prefixLength)
    {
        _bits = bits & mask;
        _mask = mask;
        _isIPv4 = isIPv4;
        PrefixLength = prefixLength;
    }

    /// <summary>How many leading bits decide: 0 to 32 or 0 to 128.</summary>
    public int PrefixLength { get; }

    /// <summary>Reads <c>address_prefix</c> and <c>prefix_len</c>. Host bits are ignored and a length beyond the address counts as the full address, as in Envoy.</summary>
    /// <param name="address">An IPv4 or IPv6 address.</param>
    /// <param name="prefixLength">0 if the field is absent.</param>
    /// <param name="block">The block.</param>
    /// <returns>False if <paramref name="address"/> is no IP address.</returns>
    public static bool TryCreate(string address, uint prefixLength, out AddressBlock block)
    {
        block = default;
        // IPAddress also reads "1", "0x7f.1" and scoped forms; what Envoy would refuse must not become some other block here.
        if (!IPAddress.TryParse(address, out IPAddress? parsed) || address.Contains('%', StringComparison.Ordinal))
            return false;
        bool isV6 = parsed.AddressFamily == AddressFamily.InterNetworkV6;
        if (!isV6 && parsed.ToString() != address)
            return false;
        UInt128 bits = AddressBits.Read(parsed, out bool isIPv4);
        int width = isIPv4 ? 32 : 128;
        if (isIPv4 && isV6)
        {
            // ::ffff:10.0.0.0/104 means 10.0.0.0/8; a shorter prefix would span both families.
            if (prefixLength < MappedPrefixLength)
                return false;
            prefixLength -= MappedPrefixLength;
        }

        int length = (int)Math.Min(prefixLength, (uint)width);
        block = new AddressBlock(bits, AddressBits.Mask(length, width), isIPv4, length);
        return true;
    }

    /// <summary>The block as it is written: <c>10.0.0.0/8</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _bits);
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(_isIPv4 ? bytes[12..] : bytes)}/{PrefixLength}");
    }

    /// <summary>True if <paramref name="address"/> lies in the block; false for null (a peer without an IP address).</summary>
    public bool Contains(IPAddress? address)
    {
        if (address is null)
            return false;
        UInt128 bits = AddressBits.Read(address, out bool isIPv4);
        return isIPv4 == _isIPv4 && (bits & _mask) == _bits;
    }
}
