using System.Buffers.Binary;

namespace Waypoint.Hbone.Frames;

/// <summary>What the peer's SETTINGS say so far; before the first, the defaults of HTTP/2.</summary>
internal struct PeerSettings
{
    public const int DefaultFrameSize = 16384;

    private const int MaxFrameSizeLimit = (1 << 24) - 1;

    public PeerSettings()
    {
    }

    public int InitialWindow { get; private set; } = 65535;

    public int MaxFrameBytes { get; private set; } = DefaultFrameSize;

    /// <summary>Streams that we may open; unlimited until announced.</summary>
    public long MaxConcurrentStreams { get; private set; } = uint.MaxValue;

    public long MaxHeaderListBytes { get; private set; } = uint.MaxValue;

    /// <summary>Takes over a SETTINGS payload, a multiple of six bytes; returns the error that a value causes, or <see cref="ErrorCode.NoError"/>.</summary>
    public ErrorCode Apply(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 6; payload = payload[6..])
        {
            uint value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
            switch ((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload))
            {
                case SettingId.EnablePush when value > 1:
                    return ErrorCode.ProtocolError;
                case SettingId.MaxConcurrentStreams:
                    MaxConcurrentStreams = value;
                    break;
                case SettingId.InitialWindowSize when value > FrameHeader.MaxWindow:
                    return ErrorCode.FlowControlError;
                case SettingId.InitialWindowSize:
                    InitialWindow = (int)value;
                    break;
                case SettingId.MaxFrameSize when value is < DefaultFrameSize or > MaxFrameSizeLimit:
                    return ErrorCode.ProtocolError;
                case SettingId.MaxFrameSize:
                    MaxFrameBytes = (int)value;
                    break;
                case SettingId.MaxHeaderListSize:
                    MaxHeaderListBytes = value;
                    break;
                default:
                    break;
            }
        }
        return ErrorCode.NoError;
    }
}
