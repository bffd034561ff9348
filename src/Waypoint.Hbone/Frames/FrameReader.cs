using System.Buffers.Binary;
using Waypoint.Hbone.Hpack;

namespace Waypoint.Hbone.Frames;

/// <summary>Cuts the bytes of one connection into frames, checks each by the rules that need no stream state, decodes header blocks and calls the handler.
/// DATA passes through in pieces; every other frame is handled when it is complete. Not thread-safe.</summary>
internal sealed class FrameReader
{
    private readonly IFrameHandler _handler;
    private readonly HpackDecoder _decoder;
    private readonly HeaderList _headers;
    private readonly HeaderBlock _block;
    private readonly int _maxFrameBytes;
    private bool _prefaceExpected;
    private bool _settingsExpected = true;
    private bool _inData;
    private bool _dataEndsStream;
    private int _dataBytes;
    private int _skipBytes;

    /// <summary>A reader at the start of a connection.</summary>
    /// <param name="handler">Gets the frames.</param>
    /// <param name="isServer">True when the client's preface comes first.</param>
    /// <param name="maxFrameBytes">What our SETTINGS announce.</param>
    /// <param name="maxHeaderListBytes">What our SETTINGS announce; an encoded block may have four times as much before the connection is closed, so that an honest peer gets an answer.</param>
    public FrameReader(IFrameHandler handler, bool isServer, int maxFrameBytes, int maxHeaderListBytes)
    {
        _handler = handler;
        _prefaceExpected = isServer;
        _maxFrameBytes = maxFrameBytes;
        _decoder = new HpackDecoder(HpackDecoder.DefaultTableSize);
        _headers = new HeaderList(maxHeaderListBytes);
        _block = new HeaderBlock(maxHeaderListBytes * 4);
    }

    /// <summary>The client's connection preface.</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>True until the preface (as server) and the peer's SETTINGS have come, and inside a header block: states that may not last.</summary>
    public bool IsWaitingForMore => _prefaceExpected || _settingsExpected || _block.StreamId != 0;

    /// <summary>True until the first frame.</summary>
    public bool IsSettingsExpected => _settingsExpected;

    /// <summary>Bytes that must be in the buffer for the next step.</summary>
    public int NeededBytes { get; private set; }

    /// <summary>Handles all complete frames of <paramref name="bytes"/> and the available part of a DATA frame.</summary>
    /// <param name="bytes">Bytes not consumed yet.</param>
    /// <param name="consumed">How many are done with; the rest is offered again when at least <see cref="NeededBytes"/> are there.</param>
    public Fault Read(ReadOnlySpan<byte> bytes, out int consumed)
    {
        int available = bytes.Length;
        Fault fault = Fault.None;
        while (!fault.IsError && TryStep(ref bytes, out fault))
        {
        }
        consumed = available - bytes.Length;
        return fault;
    }

    private bool TryStep(ref ReadOnlySpan<byte> bytes, out Fault fault)
    {
        fault = Fault.None;
        NeededBytes = 1;
        if (_skipBytes > 0 || _inData)
            return !bytes.IsEmpty && TryPayload(ref bytes, out fault);
        if (_prefaceExpected)
            return TryPreface(ref bytes, out fault);
        if (bytes.Length < FrameHeader.Size)
        {
            NeededBytes = FrameHeader.Size;
            return false;
        }
        var header = FrameHeader.Read(bytes);
        fault = CheckHeader(header);
        if (fault.IsError)
            return false;
        if (header.Type == FrameType.Data)
            return TryBeginData(ref bytes, header, out fault);
        if (header.Type > FrameType.Continuation)
        {
            bytes = bytes[FrameHeader.Size..];
            _skipBytes = header.Length;
            fault = _handler.OnIgnored(header.Type);
            return !fault.IsError;
        }
        NeededBytes = FrameHeader.Size + header.Length;
        if (bytes.Length < NeededBytes)
            return false;
        ReadOnlySpan<byte> payload = bytes.Slice(FrameHeader.Size, header.Length);
        bytes = bytes[NeededBytes..];
        fault = HandleFrame(header, payload);
        return !fault.IsError;
    }

    private bool TryPreface(ref ReadOnlySpan<byte> bytes, out Fault fault)
    {
        int common = bytes.Length < Preface.Length ? bytes.Length : Preface.Length;
        fault = bytes[..common].SequenceEqual(Preface[..common]) ? Fault.None : Fault.Protocol("the connection does not begin with HTTP/2's preface");
        if (fault.IsError || common < Preface.Length)
        {
            NeededBytes = Preface.Length;
            return false;
        }
        bytes = bytes[Preface.Length..];
        _prefaceExpected = false;
        return true;
    }

    private Fault CheckHeader(FrameHeader header)
    {
        if (header.Length > _maxFrameBytes)
            return Fault.FrameSize("a frame is larger than announced");
        if (_settingsExpected && (header.Type != FrameType.Settings || header.Has(FrameFlags.Ack)))
            return Fault.Protocol("the first frame is not SETTINGS");
        if (_block.StreamId != 0 && (header.Type != FrameType.Continuation || header.StreamId != _block.StreamId))
            return Fault.Protocol("a header block is interrupted by another frame");
        return Fault.None;
    }

    private bool TryBeginData(ref ReadOnlySpan<byte> bytes, FrameHeader header, out Fault fault)
    {
        fault = Fault.None;
        bool padded = header.Has(FrameFlags.Padded);
        int head = FrameHeader.Size + (padded ? 1 : 0);
        if (padded && header.Length == 0)
        {
            fault = Fault.FrameSize("a padded DATA frame without pad length");
            return false;
        }
        if (bytes.Length < head)
        {
            NeededBytes = head;
            return false;
        }
        int padding = padded ? bytes[FrameHeader.Size] + 1 : 0;
        if (header.StreamId == 0 || padding > header.Length)
        {
            fault = Fault.Protocol(header.StreamId == 0 ? "DATA on stream 0" : "padding longer than its frame");
            return false;
        }
        fault = _handler.OnDataBegin(header.StreamId, header.Length, padding);
        if (fault.IsError)
            return false;
        bytes = bytes[head..];
        _inData = true;
        _dataEndsStream = header.Has(FrameFlags.EndStream);
        _dataBytes = header.Length - padding;
        _skipBytes = padded ? padding - 1 : 0;
        return TryPayload(ref bytes, out fault);
    }

    // Bytes of a DATA frame, then its padding; or the payload of a frame that is skipped.
    private bool TryPayload(ref ReadOnlySpan<byte> bytes, out Fault fault)
    {
        fault = Fault.None;
        if (_dataBytes > 0)
        {
            int take = Math.Min(_dataBytes, bytes.Length);
            if (take > 0)
                _handler.OnDataBytes(bytes[..take]);
            bytes = bytes[take..];
            _dataBytes -= take;
        }
        if (_dataBytes == 0)
        {
            int skip = Math.Min(_skipBytes, bytes.Length);
            bytes = bytes[skip..];
            _skipBytes -= skip;
        }
        if (_dataBytes > 0 || _skipBytes > 0)
            return false;
        if (_inData)
        {
            _inData = false;
            fault = _handler.OnDataEnd(_dataEndsStream);
        }
        return !fault.IsError;
    }

    private Fault HandleFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Headers:
                return HandleHeaders(header, payload);
            case FrameType.Continuation:
                return HandleContinuation(header, payload);
            case FrameType.Priority:
                if (header.StreamId == 0)
                    return Fault.Protocol("PRIORITY on stream 0");
                return payload.Length != 5 ? Fault.FrameSize("PRIORITY of a wrong length") : _handler.OnIgnored(FrameType.Priority);
            case FrameType.ResetStream:
                if (header.StreamId == 0)
                    return Fault.Protocol("RST_STREAM on stream 0");
                return payload.Length != 4 ? Fault.FrameSize("RST_STREAM of a wrong length")
                    : _handler.OnResetStream(header.StreamId, (ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload));
            case FrameType.Settings:
                return HandleSettings(header, payload);
            case FrameType.Ping:
                if (header.StreamId != 0)
                    return Fault.Protocol("PING on a stream");
                return payload.Length != 8 ? Fault.FrameSize("PING of a wrong length")
                    : _handler.OnPing(BinaryPrimitives.ReadUInt64BigEndian(payload), header.Has(FrameFlags.Ack));
            case FrameType.GoAway:
                if (header.StreamId != 0)
                    return Fault.Protocol("GOAWAY on a stream");
                return payload.Length < 8 ? Fault.FrameSize("GOAWAY of a wrong length")
                    : _handler.OnGoAway(BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue, (ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload[4..]));
            case FrameType.WindowUpdate:
                return payload.Length != 4 ? Fault.FrameSize("WINDOW_UPDATE of a wrong length")
                    : _handler.OnWindowUpdate(header.StreamId, BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue);
            default:
                return Fault.Protocol("PUSH_PROMISE is not allowed");
        }
    }

    private Fault HandleSettings(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId != 0)
            return Fault.Protocol("SETTINGS on a stream");
        if (header.Has(FrameFlags.Ack))
        {
            if (!payload.IsEmpty)
                return Fault.FrameSize("a SETTINGS acknowledgement with payload");
            _handler.OnSettingsAck();
            return Fault.None;
        }
        if (payload.Length % 6 != 0)
            return Fault.FrameSize("SETTINGS of a wrong length");
        _settingsExpected = false;
        return _handler.OnSettings(payload);
    }

    private Fault HandleHeaders(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId == 0)
            return Fault.Protocol("HEADERS on stream 0");
        int front = 0;
        int padding = 0;
        if (header.Has(FrameFlags.Padded))
        {
            if (payload.IsEmpty)
                return Fault.FrameSize("a padded HEADERS frame without pad length");
            padding = payload[0];
            front = 1;
        }
        if (header.Has(FrameFlags.Priority))
            front += 5;
        if (front + padding > payload.Length)
            return Fault.Protocol("padding or priority longer than their frame");
        payload = payload[front..^padding];
        bool endStream = header.Has(FrameFlags.EndStream);
        if (header.Has(FrameFlags.EndHeaders))
            return Decode(header.StreamId, payload, endStream);
        _block.Begin(header.StreamId, endStream);
        return _block.TryAdd(payload) ? Fault.None : Fault.Calm("a header block is too large");
    }

    private Fault HandleContinuation(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_block.StreamId == 0)
            return Fault.Protocol("CONTINUATION without an open header block");
        if (!_block.TryAdd(payload))
            return Fault.Calm("a header block is too large");
        if (!header.Has(FrameFlags.EndHeaders))
            return Fault.None;
        Fault fault = Decode(header.StreamId, _block.Bytes, _block.EndStream);
        _block.End();
        return fault;
    }

    private Fault Decode(int streamId, ReadOnlySpan<byte> block, bool endStream)
    {
        _headers.Clear();
        if (!_decoder.TryDecode(block, _headers))
            return new Fault(ErrorCode.CompressionError, "a header block cannot be decoded");
        return _handler.OnHeaders(streamId, _headers, endStream);
    }
}
