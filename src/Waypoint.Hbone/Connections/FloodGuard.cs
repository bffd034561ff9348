using Waypoint.Hbone.Frames;

namespace Waypoint.Hbone.Connections;

/// <summary>Counts what costs this side work and the peer nothing. Each budget is refilled once per window; overdrawing one ends the connection. Guarded by the connection's gate
/// where resets are concerned, by the read loop otherwise.</summary>
internal sealed class FloodGuard(int maxResets)
{
    private const int MaxSettings = 100;
    private const int MaxPings = 1000;
    private const int MaxEmptyData = 100;
    private const int MaxIgnored = 1000;
    private const int MaxClosedStreamFrames = 10_000;

    // WINDOW_UPDATEs beyond ten for each DATA frame that we have sent.
    private const int MaxWindowUpdates = 2000;
    private const int WindowUpdatesPerData = 10;

    private int _resets;
    private int _settings;
    private int _pings;
    private int _emptyData;
    private int _ignored;
    private int _closedStreamFrames;
    private int _windowUpdates;

    /// <summary>Gate held: a stream ended by a reset soon after it began.</summary>
    public Fault OnEarlyReset_Locked() => ++_resets > maxResets ? Fault.Calm("too many streams reset") : Fault.None;

    /// <summary>Gate held: a tunnel ended in order.</summary>
    public void OnCompleted_Locked() => _resets = Math.Max(0, _resets - 1);

    public Fault OnSettings() => ++_settings > MaxSettings ? Fault.Calm("too many SETTINGS frames") : Fault.None;

    public Fault OnPing() => ++_pings > MaxPings ? Fault.Calm("too many PING frames") : Fault.None;

    public Fault OnEmptyData() => ++_emptyData > MaxEmptyData ? Fault.Calm("too many DATA frames without data") : Fault.None;

    public Fault OnIgnored() => ++_ignored > MaxIgnored ? Fault.Calm("too many frames without effect") : Fault.None;

    /// <summary>Frames for a stream that is over: the tail of what was under way when we ended it, so many are honest.</summary>
    public Fault OnClosedStream() => ++_closedStreamFrames > MaxClosedStreamFrames ? Fault.Calm("too many frames on closed streams") : Fault.None;

    public Fault OnWindowUpdate() => ++_windowUpdates > MaxWindowUpdates ? Fault.Calm("too many WINDOW_UPDATE frames") : Fault.None;

    /// <summary>Gate held: a DATA frame of ours gives the peer reason for WINDOW_UPDATEs.</summary>
    public void OnDataSent_Locked() => _windowUpdates -= WindowUpdatesPerData;

    /// <summary>A new window begins.</summary>
    public void Refill()
    {
        _resets = 0;
        _settings = 0;
        _pings = 0;
        _emptyData = 0;
        _ignored = 0;
        _closedStreamFrames = 0;
        _windowUpdates = 0;
    }
}
