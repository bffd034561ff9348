using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Grpc.Framing;

namespace Waypoint.Grpc.Tests.Framing;

public class MessageReaderTests
{
    [Fact]
    public async Task Read_TwoMessagesByteByByte_BothThenEnd()
    {
        var bytes = Framed("one").Concat(Framed("")).ToArray();
        var pipe = new Pipe();
        var reading = ReadAllAsync(pipe.Reader);
        foreach (var b in bytes)
            await pipe.Writer.WriteAsync(new[] { b }, TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();

        Assert.Equal(["one", ""], await reading.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Read_CompressedFlag_Unimplemented() =>
        Assert.Equal(GrpcStatusCode.Unimplemented, (await FailureAsync([1, 0, 0, 0, 0])).Code);

    [Fact]
    public async Task Read_LengthAboveLimit_ResourceExhaustedBeforeTheMessageArrives() =>
        Assert.Equal(new GrpcStatus(GrpcStatusCode.ResourceExhausted, "received message larger than max (4294967295 vs. 1024)"), await FailureAsync([0, 255, 255, 255, 255]));

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Read_BodyEndsInMessage_Internal(int length) =>
        Assert.Equal(new GrpcStatus(GrpcStatusCode.Internal, "the body ends in the middle of a message"), await FailureAsync(Framed("cut off")[..length]));

    [Fact]
    public async Task Read_NotTheMessage_Internal() =>
        Assert.Equal(GrpcStatusCode.Internal, (await FailureAsync([0, 0, 0, 0, 2, 0x0a, 0x7f])).Code);

    private static byte[] Framed(string value)
    {
        var output = new ArrayBufferWriter<byte>();
        MessageFrame.Write(new StringValue { Value = value }, output);
        return output.WrittenSpan.ToArray();
    }

    private static async Task<List<string>> ReadAllAsync(PipeReader reader)
    {
        List<string> values = [];
        while (await MessageReader.ReadAsync(reader, StringValue.Parser, 1024, CancellationToken.None) is { } message)
            values.Add(message.Value);
        return values;
    }

    private static async Task<GrpcStatus> FailureAsync(byte[] body)
    {
        var reader = PipeReader.Create(new ReadOnlySequence<byte>(body));
        return (await Assert.ThrowsAsync<GrpcException>(() => ReadAllAsync(reader))).Status;
    }
}
