using System.Net;
using Waypoint.Hbone.Hpack;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Terminate;

/// <summary>A CONNECT on a <see cref="ServerConnection"/>. The answer is taken once, from any thread.</summary>
#pragma warning disable CA1001 // The token source has no timer and no wait handle: nothing to dispose of.
internal sealed class ServerConnectRequest(ServerConnection connection, EngineTunnel tunnel, ConnectHead head, HeaderField[] fields) : ConnectRequest
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _ended = new();
    private int _answered;

    public override string Authority => head.AuthorityText;

    public override string Host => head.Authority!.Host;

    public override IPAddress? Address => head.Authority!.Address;

    public override int Port => head.Authority!.Port;

    public override SpiffeId PeerIdentity => connection.Peer.Identity;

    public override SpiffeId LocalIdentity => connection.Peer.LocalIdentity;

    public override IPEndPoint RemoteEndPoint => connection.Peer.RemoteEndPoint;

    public override IPEndPoint LocalEndPoint => connection.Peer.LocalEndPoint;

    public override long ConnectionId => connection.Id;

    public override int StreamId => tunnel.StreamId;

    /// <summary>Cancelled when the stream ends before the answer.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>True once either answer was given.</summary>
    public bool IsAnswered => Volatile.Read(ref _answered) != 0;

    public override string? Header(string name)
    {
        string? found = null;
        foreach (HeaderField field in fields)
        {
            if (field.Name == name)
                found = found is null ? field.Value : $"{found},{field.Value}";
        }
        return found;
    }

    public override Tunnel Accept()
    {
        TakeAnswer();
        connection.Accept(tunnel);
        return tunnel;
    }

    public override void Reject(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        TakeAnswer();
        connection.Reject(tunnel, this, status);
    }

    /// <summary>Answers 503 unless an answer was given. True if it was this call's.</summary>
    public bool TryRejectUnanswered()
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
            return false;
        connection.Reject(tunnel, this, 503);
        return true;
    }

    /// <summary>The stream is over.</summary>
    public void OnEnded()
    {
        if (!IsAnswered)
            _ended.Cancel();
    }

    private void TakeAnswer()
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
            throw new InvalidOperationException("This CONNECT has been answered.");
    }
}
