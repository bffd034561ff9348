using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Waypoint.Protos.Tests;

/// <summary>Builds protobuf bytes by hand, for messages that no generated class can write.</summary>
internal static class WireBytes
{
    public static byte[] Varint(int number, long value) => Write(output =>
    {
        output.WriteTag(number, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    });

    public static byte[] Block(int number, ReadOnlySpan<byte> content)
    {
        var bytes = ByteString.CopyFrom(content);
        return Write(output =>
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(bytes);
        });
    }

    public static byte[] Fixed32(int number, uint value) => Write(output =>
    {
        output.WriteTag(number, WireFormat.WireType.Fixed32);
        output.WriteFixed32(value);
    });

    public static byte[] Group(int number, params byte[][] content) => Write(output =>
    {
        output.WriteTag(number, WireFormat.WireType.StartGroup);
        foreach (byte[] part in content) output.WriteRawBytes(part);
        output.WriteTag(number, WireFormat.WireType.EndGroup);
    });

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static Any Any(MessageDescriptor type, byte[] value) => new() { TypeUrl = ProtoRegistry.TypeUrlOf(type), Value = ByteString.CopyFrom(value) };

    private static byte[] Write(Action<RawOutput> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true)) write(new RawOutput(output));
        return stream.ToArray();
    }

    internal sealed class RawOutput(CodedOutputStream output)
    {
        public void WriteTag(int number, WireFormat.WireType type) => output.WriteTag(number, type);

        public void WriteInt64(long value) => output.WriteInt64(value);

        public void WriteBytes(ByteString value) => output.WriteBytes(value);

        public void WriteFixed32(uint value) => output.WriteFixed32(value);

        public void WriteRawBytes(byte[] value)
        {
            foreach (byte one in value) output.WriteRawTag(one);
        }
    }
}
