using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Hpack;

namespace Waypoint.Benchmarks;

/// <summary>Takes every frame and counts the bytes of DATA.</summary>
internal sealed class CountingFrameHandler : IFrameHandler
{
    public long DataBytes { get; private set; }

    public Fault OnDataBegin(int streamId, int length, int padding) => Fault.None;

    public void OnDataBytes(ReadOnlySpan<byte> bytes) => DataBytes += bytes.Length;

    public Fault OnDataEnd(bool endStream) => Fault.None;

    public Fault OnHeaders(int streamId, HeaderList headers, bool endStream) => Fault.None;

    public Fault OnResetStream(int streamId, ErrorCode code) => Fault.None;

    public Fault OnSettings(ReadOnlySpan<byte> payload) => Fault.None;

    public void OnSettingsAck()
    {
    }

    public Fault OnPing(ulong payload, bool ack) => Fault.None;

    public Fault OnGoAway(int lastStreamId, ErrorCode code) => Fault.None;

    public Fault OnWindowUpdate(int streamId, int increment) => Fault.None;

    public Fault OnIgnored(FrameType type) => Fault.None;
}
