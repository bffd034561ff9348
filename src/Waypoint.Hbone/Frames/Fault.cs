using System.Diagnostics.CodeAnalysis;

namespace Waypoint.Hbone.Frames;

/// <summary>What a peer did wrong, so that the connection must close; the default value means nothing.</summary>
internal readonly record struct Fault(ErrorCode Code, string? Reason)
{
    public static Fault None => default;

    [MemberNotNullWhen(true, nameof(Reason))]
    public bool IsError => Reason is not null;

    public static Fault Protocol(string reason) => new(ErrorCode.ProtocolError, reason);

    public static Fault FrameSize(string reason) => new(ErrorCode.FrameSizeError, reason);

    public static Fault FlowControl(string reason) => new(ErrorCode.FlowControlError, reason);

    public static Fault Calm(string reason) => new(ErrorCode.EnhanceYourCalm, reason);
}
