using Waypoint.Hbone.Frames;

namespace Waypoint.Hbone.Originate;

/// <summary>How a CONNECT ended.</summary>
internal readonly record struct ConnectAnswer(ConnectAnswer.Kind Outcome, int Status = 0, ErrorCode Code = ErrorCode.NoError, string Reason = "")
{
    public enum Kind
    {
        /// <summary>200.</summary>
        Opened,

        /// <summary>Another final status.</summary>
        Rejected,

        /// <summary>RST_STREAM instead of an answer.</summary>
        Reset,

        /// <summary>The connection is going away and will not answer.</summary>
        GoAway,

        /// <summary>The connection broke.</summary>
        Lost,

        /// <summary>The connection broke before the peer said anything: how TLS 1.3 shows that the peer refuses our certificate.</summary>
        RefusedByTls,
    }
}
