using Waypoint.Hbone.Hpack;

namespace Waypoint.Hbone.Frames;

/// <summary>Receives what a <see cref="FrameReader"/> has checked and decoded, in the order of arrival, on the read loop. A returned fault stops the reader.</summary>
internal interface IFrameHandler
{
    /// <summary>A DATA frame begins. Its bytes follow in pieces, then <see cref="OnDataEnd"/>.</summary>
    /// <param name="streamId">The stream, not 0.</param>
    /// <param name="length">What counts against the windows: bytes and padding.</param>
    /// <param name="padding">The part of it that no one will read.</param>
    Fault OnDataBegin(int streamId, int length, int padding);

    void OnDataBytes(ReadOnlySpan<byte> bytes);

    Fault OnDataEnd(bool endStream);

    /// <summary>A whole header block; the list is only valid during the call.</summary>
    Fault OnHeaders(int streamId, HeaderList headers, bool endStream);

    Fault OnResetStream(int streamId, ErrorCode code);

    /// <summary>A SETTINGS frame without ACK.</summary>
    Fault OnSettings(ReadOnlySpan<byte> payload);

    void OnSettingsAck();

    Fault OnPing(ulong payload, bool ack);

    Fault OnGoAway(int lastStreamId, ErrorCode code);

    Fault OnWindowUpdate(int streamId, int increment);

    /// <summary>A PRIORITY frame or one of a type that nobody knows: legal, without effect, counted.</summary>
    Fault OnIgnored(FrameType type);
}
