using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Originate;

/// <summary>A CONNECT whose answer is awaited. The waiter continues on the connection's read loop, so that a tunnel costs no change of threads.</summary>
internal sealed class PendingConnect(EngineTunnel tunnel)
{
    private readonly TaskCompletionSource<ConnectAnswer> _answer = new();

    public EngineTunnel Tunnel { get; } = tunnel;

    public Task<ConnectAnswer> Answer => _answer.Task;

    /// <summary>Nobody waits any more: an answer of 200 is followed by a reset.</summary>
    public bool IsAbandoned { get; set; }

    public bool TryAnswer(ConnectAnswer answer) => _answer.TrySetResult(answer);
}
