namespace Waypoint.Hbone.Tunnels;

/// <summary>Why one side ended a tunnel at once: the HTTP/2 error code of its RST_STREAM. Unknown codes of a peer keep their number.</summary>
public enum TunnelReset
{
    /// <summary>NO_ERROR: the sender has sent all it has and wants no more bytes.</summary>
    NoError = 0x0,

    /// <summary>PROTOCOL_ERROR.</summary>
    ProtocolError = 0x1,

    /// <summary>INTERNAL_ERROR.</summary>
    InternalError = 0x2,

    /// <summary>FLOW_CONTROL_ERROR.</summary>
    FlowControlError = 0x3,

    /// <summary>STREAM_CLOSED: a frame came for a stream that was over.</summary>
    StreamClosed = 0x5,

    /// <summary>REFUSED_STREAM: nothing was processed; safe to try elsewhere.</summary>
    RefusedStream = 0x7,

    /// <summary>CANCEL: the sender has no more interest. What a broken TCP connection becomes.</summary>
    Cancel = 0x8,

    /// <summary>CONNECT_ERROR: the TCP connection behind the tunnel was reset.</summary>
    ConnectError = 0xa,

    /// <summary>ENHANCE_YOUR_CALM: the peer finds the load excessive.</summary>
    EnhanceYourCalm = 0xb,
}
