using System.Buffers.Binary;
using Waypoint.Hbone.Frames;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>A whole frame, as tests write and read it.</summary>
internal sealed record Frame(FrameType Type, FrameFlags Flags, int StreamId, byte[] Payload)
{
    public bool EndsStream => Type is FrameType.Data or FrameType.Headers && (Flags & FrameFlags.EndStream) != 0;

    public bool IsAck => Type is FrameType.Settings or FrameType.Ping && (Flags & FrameFlags.Ack) != 0;

    /// <summary>The error code of RST_STREAM or GOAWAY.</summary>
    public ErrorCode Code => (ErrorCode)BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(Type == FrameType.GoAway ? 4 : 0));

    /// <summary>The first number of the payload.</summary>
    public int Number => BinaryPrimitives.ReadInt32BigEndian(Payload);

    public static Frame Data(int streamId, byte[] payload, bool end = false) => new(FrameType.Data, end ? FrameFlags.EndStream : FrameFlags.None, streamId, payload);

    public static Frame Reset(int streamId, ErrorCode code) => new(FrameType.ResetStream, FrameFlags.None, streamId, BigEndian((int)code));

    public static Frame WindowUpdate(int streamId, int increment) => new(FrameType.WindowUpdate, FrameFlags.None, streamId, BigEndian(increment));

    public static Frame Ping(ulong payload, bool ack = false)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, payload);
        return new Frame(FrameType.Ping, ack ? FrameFlags.Ack : FrameFlags.None, 0, bytes);
    }

    public static Frame GoAway(int lastStreamId, ErrorCode code) => new(FrameType.GoAway, FrameFlags.None, 0, [.. BigEndian(lastStreamId), .. BigEndian((int)code)]);

    public static Frame Settings(params (SettingId Id, uint Value)[] settings)
    {
        byte[] payload = new byte[settings.Length * 6];
        for (int i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), settings[i].Value);
        }
        return new Frame(FrameType.Settings, FrameFlags.None, 0, payload);
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[FrameHeader.Size + Payload.Length];
        FrameHeader.Write(bytes, Payload.Length, Type, Flags, StreamId);
        Payload.CopyTo(bytes, FrameHeader.Size);
        return bytes;
    }

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
