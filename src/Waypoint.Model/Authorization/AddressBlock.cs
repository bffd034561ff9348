using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Waypoint.Model.Authorization;

/// <summary>A block of IP addresses (<c>envoy.config.core.v3.CidrRange</c>). An IPv6 block never holds an IPv4 address and the other way round; an IPv4
/// address that a dual-stack socket shows as <c>::ffff:a.b.c.d</c> counts as IPv4.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AddressBlock
{
    private readonly UInt128 _bits;
    private readonly UInt128 _mask;
    private readonly bool _isV6;

    private AddressBlock(UInt128 bits, UInt128 mask, bool isV6, int prefixLength)
    {
        _bits = bits & mask;
        _mask = mask;
        _isV6 = isV6;
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
        int width = isV6 ? 128 : 32;
        int length = (int)Math.Min(prefixLength, (uint)width);
        UInt128 all = isV6 ? UInt128.MaxValue : uint.MaxValue;
        UInt128 mask = length == 0 ? UInt128.Zero : (all << (width - length)) & all;
        block = new AddressBlock(Bits(parsed, isV6), mask, isV6, length);
        return true;
    }

    /// <summary>True if <paramref name="address"/> lies in the block; false for null (a peer without an IP address).</summary>
    public bool Contains(IPAddress? address)
    {
        if (address is null)
            return false;
        bool mapped = address.IsIPv4MappedToIPv6;
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6 && !mapped;
        if (isV6 != _isV6)
            return false;
        UInt128 bits = Bits(address, isV6 || mapped);
        return ((mapped ? bits & uint.MaxValue : bits) & _mask) == _bits;
    }

    private static UInt128 Bits(IPAddress address, bool sixteenBytes)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        return sixteenBytes ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
