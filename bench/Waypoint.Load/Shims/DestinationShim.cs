using System.Net.Sockets;
using Waypoint.Hbone.Terminate;

namespace Waypoint.Load.Shims;

/// <summary>The pods' ztunnel: every tunnel becomes a TCP connection to the address it is for, which must be the one it arrived at.</summary>
internal sealed class DestinationShim : IConnectHandler
{
    private const int BadGateway = 503;
    private const int NotHere = 404;

    public async ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        if (request.Address is null || !request.Address.Equals(request.LocalEndPoint.Address))
        {
            request.Reject(NotHere);
            return;
        }
        var socket = new Socket(request.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(request.Address, request.Port, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            request.Reject(BadGateway);
            await Console.Error.WriteLineAsync($"{request.Authority}: {e.Message}");
            return;
        }
        _ = Relay.RunAsync(socket, request.Accept());
    }
}
