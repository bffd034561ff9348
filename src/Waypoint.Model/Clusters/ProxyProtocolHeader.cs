using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Waypoint.Model.Clusters;

/// <summary>Writes the header that tells an upstream who called whom (PROXY protocol, versions 1 and 2). Pure.</summary>
public static class ProxyProtocolHeader
{
    private const byte Version2Proxy = 0x21;
    private const byte Version2Local = 0x20;
    private const byte TcpOverIPv4 = 0x11;
    private const byte TcpOverIPv6 = 0x21;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>The header, or one that says "unknown" (v1 UNKNOWN, v2 LOCAL) when the destination was no address: a name, for example.</summary>
    /// <param name="version">Not <see cref="ProxyProtocolVersion.None"/>.</param>
    /// <param name="source">The client.</param>
    /// <param name="destination">What the client dialled.</param>
    public static byte[] Create(ProxyProtocolVersion version, IPEndPoint? source, IPEndPoint? destination)
    {
        if (source is null || destination is null)
            return version == ProxyProtocolVersion.V1 ? "PROXY UNKNOWN\r\n"u8.ToArray() : [.. Signature, Version2Local, 0, 0, 0];

        // Both of one family, or the header could not say it: IPv4 is then written as mapped into IPv6.
        bool v4 = source.AddressFamily == AddressFamily.InterNetwork && destination.AddressFamily == AddressFamily.InterNetwork;
        IPAddress from = v4 ? source.Address : source.Address.MapToIPv6();
        IPAddress to = v4 ? destination.Address : destination.Address.MapToIPv6();
        if (version == ProxyProtocolVersion.V1)
            return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"PROXY {(v4 ? "TCP4" : "TCP6")} {from} {to} {source.Port} {destination.Port}\r\n"));

        int size = v4 ? 4 : 16;
        byte[] header = new byte[Signature.Length + 4 + (2 * size) + 4];
        Signature.CopyTo(header);
        Span<byte> rest = header.AsSpan(Signature.Length);
        rest[0] = Version2Proxy;
        rest[1] = v4 ? TcpOverIPv4 : TcpOverIPv6;
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)((2 * size) + 4));
        from.TryWriteBytes(rest[4..], out _);
        to.TryWriteBytes(rest[(4 + size)..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(rest[(4 + (2 * size))..], (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(rest[(6 + (2 * size))..], (ushort)destination.Port);
        return header;
    }
}
