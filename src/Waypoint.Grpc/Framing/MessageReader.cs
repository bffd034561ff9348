using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Waypoint.Grpc.Framing;

/// <summary>Messages from a body, one after the other. A message is parsed from the pooled blocks it arrived in.</summary>
internal static class MessageReader
{
    /// <summary>The next message, or null at the end of the body.</summary>
    /// <exception cref="GrpcException">Compressed, too long, cut off or not parseable.</exception>
    public static async ValueTask<T?> ReadAsync<T>(PipeReader body, MessageParser<T> parser, int maxLength, CancellationToken cancellation)
        where T : class, IMessage<T>
    {
        var (buffer, found) = await FillAsync(body, MessageFrame.PrefixLength, cancellation);
        if (!found)
        {
            body.AdvanceTo(buffer.End);
            return buffer.IsEmpty ? null : throw Incomplete();
        }
        var whole = MessageFrame.PrefixLength + (long)MessageFrame.ReadPrefix(buffer, maxLength);
        if (buffer.Length < whole)
        {
            body.AdvanceTo(buffer.Start, buffer.End);
            (buffer, found) = await FillAsync(body, whole, cancellation);
            if (!found)
            {
                body.AdvanceTo(buffer.End);
                throw Incomplete();
            }
        }
        var end = buffer.GetPosition(whole);
        try
        {
            return parser.ParseFrom(buffer.Slice(MessageFrame.PrefixLength, end));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(new GrpcStatus(GrpcStatusCode.Internal, "message cannot be parsed: " + e.Message), e);
        }
        finally
        {
            body.AdvanceTo(end);
        }
    }

    /// <summary>Reads block by block: one block of the whole length would be a huge array that the pool then keeps.</summary>
    /// <returns>What has arrived, and whether it is enough; the caller advances.</returns>
    private static async ValueTask<(ReadOnlySequence<byte> Buffer, bool Found)> FillAsync(PipeReader body, long length, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellation);
            if (result.IsCanceled)
                throw new OperationCanceledException(cancellation);
            if (result.Buffer.Length >= length)
                return (result.Buffer, true);
            if (result.IsCompleted)
                return (result.Buffer, false);
            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static GrpcException Incomplete() => new(GrpcStatusCode.Internal, "the body ends in the middle of a message");
}
