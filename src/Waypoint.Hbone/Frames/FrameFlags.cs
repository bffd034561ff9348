namespace Waypoint.Hbone.Frames;

/// <summary>Flags of HTTP/2 frames; the meaning depends on the type.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,
    EndStream = 0x1,

    /// <summary>On SETTINGS and PING.</summary>
    Ack = EndStream,
    EndHeaders = 0x4,
    Padded = 0x8,
    Priority = 0x20,
}
