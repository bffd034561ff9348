using System.Threading.Channels;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>A handler that gives each CONNECT to the test, or answers it by a rule.</summary>
internal sealed class ConnectScript(Func<ConnectRequest, Tunnel?>? answer = null) : IConnectHandler
{
    private readonly Channel<ConnectRequest> _requests = Channel.CreateUnbounded<ConnectRequest>();
    private readonly Channel<Tunnel> _tunnels = Channel.CreateUnbounded<Tunnel>();

    public static ConnectScript AcceptAll() => new(static request => request.Accept());

    public async ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        _requests.Writer.TryWrite(request);
        if (answer is null)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return;
        }
        if (answer(request) is { } tunnel)
            _tunnels.Writer.TryWrite(tunnel);
    }

    public Task<ConnectRequest> NextRequestAsync() => _requests.Reader.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);

    public Task<Tunnel> NextTunnelAsync() => _tunnels.Reader.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);
}
