using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Waypoint.Hbone.Connections;

/// <summary>Socket options of HBONE connections, both roles.</summary>
internal static class SocketTuning
{
    private const int IpProtoTcp = 6;
    private const int LinuxTcpUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 30_000;

    /// <summary>No delay, TCP keepalive, and an end to sending into nothing.</summary>
    public static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
        if (!OperatingSystem.IsLinux())
            return;
        int timeout = UserTimeoutMilliseconds;
        socket.SetRawSocketOption(IpProtoTcp, LinuxTcpUserTimeout, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in timeout)));
    }

    /// <summary>An address as policies and logs want it: IPv4 as IPv4, also on a socket for both families.</summary>
    public static IPEndPoint Canonical(EndPoint? endPoint)
    {
        var ip = (IPEndPoint)endPoint!;
        return ip.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : ip;
    }
}
