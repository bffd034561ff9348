using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Waypoint.Model.FilterChains;

/// <summary>Addresses as numbers, so that a lookup neither allocates nor compares objects.</summary>
internal static class AddressBits
{
    /// <summary>The address as a number: 32 bits of an IPv4 address (also of one mapped into IPv6), else 128 bits.</summary>
    public static UInt128 Read(IPAddress address, out bool isIPv4)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            isIPv4 = true;
            return BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }

        isIPv4 = address.IsIPv4MappedToIPv6;
        return isIPv4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Ones in the upper <paramref name="length"/> of <paramref name="width"/> bits.</summary>
    public static UInt128 Mask(int length, int width)
    {
        UInt128 all = width == 128 ? UInt128.MaxValue : (UInt128.One << width) - 1;
        // A shift by the full width is a shift by nothing.
        return length == 0 ? UInt128.Zero : all & (all << (width - length));
    }
}
