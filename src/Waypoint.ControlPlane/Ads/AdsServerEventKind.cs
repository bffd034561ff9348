namespace Waypoint.ControlPlane.Ads;

/// <summary>What an <see cref="AdsServerEvent"/> tells.</summary>
public enum AdsServerEventKind
{
    /// <summary>A stream has sent its first request.</summary>
    Connected,

    /// <summary>A request that changes what is subscribed.</summary>
    Subscribed,

    /// <summary>A response went to the transport.</summary>
    Sent,

    /// <summary>ACK.</summary>
    Acknowledged,

    /// <summary>NACK.</summary>
    Refused,

    /// <summary>An answer with a nonce that nobody waits for.</summary>
    Stale,

    /// <summary>The stream is over.</summary>
    Ended,
}
