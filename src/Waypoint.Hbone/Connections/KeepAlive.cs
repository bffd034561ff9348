namespace Waypoint.Hbone.Connections;

/// <summary>When to send a PING, and when the silence after it means that the peer is gone. Any received frame counts as life. Runs on the coarse tick; guarded by it.</summary>
internal sealed class KeepAlive(TimeSpan interval, TimeSpan timeout)
{
    /// <summary>What to do now.</summary>
    public enum Action
    {
        Nothing,
        SendPing,
        Close,
    }

    private TimeSpan _silentSince;
    private TimeSpan _pingSentAt;
    private bool _pingSent;

    /// <summary>One tick.</summary>
    /// <param name="now">Time since any fixed moment.</param>
    /// <param name="received">Something arrived since the last tick.</param>
    public Action OnTick(TimeSpan now, bool received)
    {
        if (received || _silentSince == default)
        {
            _silentSince = now;
            _pingSent = false;
            return Action.Nothing;
        }
        if (_pingSent)
            return now - _pingSentAt >= timeout ? Action.Close : Action.Nothing;
        if (now - _silentSince < interval)
            return Action.Nothing;
        _pingSent = true;
        _pingSentAt = now;
        return Action.SendPing;
    }
}
