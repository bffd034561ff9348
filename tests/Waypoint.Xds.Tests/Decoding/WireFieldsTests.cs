using Google.Protobuf;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Xds.Decoding;

namespace Waypoint.Xds.Tests.Decoding;

public sealed class WireFieldsTests
{
    [Fact]
    public void TryNext_ListenerWithChains_EveryFieldOnceAndContentParses()
    {
        var listener = new Listener
        {
            Name = "main_internal",
            InternalListener = new Listener.Types.InternalListenerConfig(),
            TcpBacklogSize = 7,
            ReusePort = true,
        };
        listener.FilterChains.Add(new FilterChain { Name = "a" });
        listener.FilterChains.Add(new FilterChain { Name = "b" });
        byte[] bytes = listener.ToByteArray();

        var fields = new WireFields(bytes);
        var chains = new List<string>();
        int end = 0;
        while (fields.TryNext(out int number, out Range field, out Range content))
        {
            Assert.Equal(end, field.Start.Value);
            end = field.End.Value;
            if (number == Listener.FilterChainsFieldNumber)
                chains.Add(FilterChain.Parser.ParseFrom(bytes[content]).Name);
        }

        Assert.False(fields.Malformed);
        Assert.Equal(bytes.Length, end);
        Assert.Equal(["a", "b"], chains);
    }

    [Theory]
    [InlineData(new byte[] { 0x0a, 0xff, 0xff, 0x7f, 0x61 })] // a length beyond the end
    [InlineData(new byte[] { 0x0a })] // no length
    [InlineData(new byte[] { 0x0b })] // a group
    [InlineData(new byte[] { 0x02, 0x00 })] // field number zero
    [InlineData(new byte[] { 0x08 })] // no value
    [InlineData(new byte[] { 0x09, 1, 2, 3 })] // a fixed64 cut off
    [InlineData(new byte[] { 0x0d, 1, 2, 3 })] // a fixed32 cut off
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1 })] // an endless varint
    public void TryNext_BytesThatAreNoMessage_Malformed(byte[] bytes)
    {
        var fields = new WireFields(bytes);

        Assert.False(fields.TryNext(out _, out _, out _));
        Assert.True(fields.Malformed);
    }

    [Fact]
    public void TryNext_EveryPrefixOfAMessage_EndsWithoutThrowing()
    {
        byte[] bytes = new Listener { Name = "x", ReusePort = true, TcpBacklogSize = 300 }.ToByteArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            var fields = new WireFields(bytes.AsSpan(0, length));
            int last = 0;
            while (fields.TryNext(out _, out Range field, out _))
                last = field.End.Value;

            Assert.Equal(fields.Malformed, last != length);
        }
    }
}
