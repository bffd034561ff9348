namespace Waypoint.Xds.Ads;

/// <summary>Where the client stands with its control plane. In every state the configuration that is held stays in force.</summary>
public enum AdsConnectionState
{
    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>Dialling, or waiting for the first response of a stream.</summary>
    Connecting,

    /// <summary>At least one response has arrived on the present stream.</summary>
    Connected,

    /// <summary>Waiting before the next attempt.</summary>
    BackingOff,
}
