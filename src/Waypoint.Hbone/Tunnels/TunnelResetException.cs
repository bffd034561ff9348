using Microsoft.AspNetCore.Connections;

namespace Waypoint.Hbone.Tunnels;

/// <summary>Reading or writing found the tunnel broken: reset by one of the sides, or its HBONE connection lost. Kestrel treats it as any reset TCP connection.</summary>
public sealed class TunnelResetException : ConnectionResetException
{
    /// <summary>A tunnel that ended with <paramref name="reset"/>.</summary>
    public TunnelResetException(TunnelReset reset, bool byPeer, string message) : base(message)
    {
        Reset = reset;
        ByPeer = byPeer;
    }

    /// <summary>The error code.</summary>
    public TunnelReset Reset { get; }

    /// <summary>True when the peer reset the tunnel or its connection was lost; false when this side aborted it.</summary>
    public bool ByPeer { get; }
}
