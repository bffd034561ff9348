using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Connections;

/// <summary>Tunnels whose flush or life ended while the connection's gate was held; whoever waits on them continues after its release. A list without memory of its own.</summary>
internal struct WakeList
{
    private EngineTunnel? _first;
    private EngineTunnel? _last;

    /// <summary>Gate held: adds a tunnel, once.</summary>
    public void Add_Locked(EngineTunnel tunnel)
    {
        if (tunnel.IsInWakeList)
            return;
        tunnel.IsInWakeList = true;
        tunnel.NextToWake = null;
        if (_last is null)
            _first = tunnel;
        else
            _last.NextToWake = tunnel;
        _last = tunnel;
    }

    /// <summary>Runs the waiting writers and the observers of ended tunnels on this thread. The gate must not be held.</summary>
    public readonly void Run(Http2Connection connection)
    {
        for (EngineTunnel? tunnel = _first; tunnel is not null;)
        {
            // The tunnel may enter another list as soon as its writer runs.
            EngineTunnel? next = tunnel.NextToWake;
            tunnel.NextToWake = null;
            tunnel.IsInWakeList = false;
            tunnel.Sender.CompleteWaiterIfSent();
            connection.FinishIfEnded(tunnel);
            tunnel = next;
        }
    }
}
