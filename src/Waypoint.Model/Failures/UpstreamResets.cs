namespace Waypoint.Model.Failures;

/// <summary>What a client and the log see of a <see cref="ResetReason"/>, as Envoy words it.</summary>
public static class UpstreamResets
{
    private const string BodyStart = "upstream connect error or disconnect/reset before headers. ";

    /// <summary>Status of the answer, short response flag, and the reason in words.</summary>
    public static (int Status, string Flag, string Text) Of(ResetReason reason) => reason switch
    {
        ResetReason.LocalConnectionFailure => (503, "UF", "local connection failure"),
        ResetReason.RemoteConnectionFailure => (503, "UF", "remote connection failure"),
        ResetReason.ConnectionTimeout => (503, "UF", "connection timeout"),
        ResetReason.ConnectionTermination => (503, "UC", "connection termination"),
        ResetReason.LocalReset => (503, "LR", "local reset"),
        ResetReason.LocalRefusedStreamReset => (503, "LR", "local refused stream reset"),
        ResetReason.Overflow => (503, "UO", "overflow"),
        ResetReason.RemoteReset => (503, "UR", "remote reset"),
        ResetReason.RemoteRefusedStreamReset => (503, "UR", "remote refused stream reset"),
        ResetReason.ConnectError => (503, "UR", "remote error with CONNECT request"),
        ResetReason.ProtocolError => (502, "UPE", "protocol error"),
        ResetReason.OverloadManager => (503, "OM", "overload manager reset"),
        ResetReason.Http1PrematureUpstreamHalfClose => (503, "LR", "HTTP/1 premature upstream half close"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "The reset has no row."),
    };

    /// <summary>The body of the answer.</summary>
    /// <param name="reason">What happened.</param>
    /// <param name="afterRetry">At least one try came before.</param>
    /// <param name="transportFailure">Why the connection failed, where that is known.</param>
    public static string Body(ResetReason reason, bool afterRetry, string? transportFailure)
    {
        var body = BodyStart + (afterRetry ? "retried and the latest reset reason: " : "reset reason: ") + Of(reason).Text;
        return string.IsNullOrEmpty(transportFailure) ? body : body + ", transport failure reason: " + transportFailure;
    }

    /// <summary>RESPONSE_CODE_DETAILS.</summary>
    public static string Details(ResetReason reason, string? transportFailure)
    {
        var inner = string.IsNullOrEmpty(transportFailure) ? Of(reason).Text : Of(reason).Text + "|" + transportFailure;
        return ResponseDetails.EarlyUpstreamReset + "{" + inner.Replace(' ', '_') + "}";
    }
}
