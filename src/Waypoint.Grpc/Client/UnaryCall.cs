using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using Waypoint.Grpc.Framing;

namespace Waypoint.Grpc.Client;

/// <summary>One message each way over a pool of connections that somebody else owns. Cheaper than a call that may stream: the request is one block, the answer is read
/// whole.</summary>
public static class UnaryCall
{
    private const int ReadBytes = 4096;

    /// <summary>Sends <paramref name="request"/> and waits for the answer and its status.</summary>
    /// <param name="pool">HTTP/2 connections to the server.</param>
    /// <param name="server">Scheme and address, as the pool wants them.</param>
    /// <param name="authority"><c>:authority</c>.</param>
    /// <param name="method">What to call.</param>
    /// <param name="request">To send.</param>
    /// <param name="options">Timeout, told to the server only: the caller ends the call by <paramref name="cancellation"/>. And metadata.</param>
    /// <param name="maxAnswerBytes">Longest accepted answer.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="GrpcException">The call did not succeed, or succeeded without an answer.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was set.</exception>
    public static async Task<TResponse> SendAsync<TRequest, TResponse>(
        HttpMessageInvoker pool, Uri server, string authority, GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options, int maxAnswerBytes,
        CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(options);
        using HttpRequestMessage message = Message(server, authority, method.Path, request, options);
        try
        {
            using HttpResponseMessage response = await pool.SendAsync(message, cancellation).ConfigureAwait(false);
            if (ResponseEnd.TryReadStatus(response.Headers, out GrpcStatus early) && !early.IsOk)
                throw new GrpcException(early);
            if ((int)response.StatusCode != 200)
                throw new GrpcException(CallFailure.CodeOfHttp((int)response.StatusCode), $"HTTP status {(int)response.StatusCode} instead of a gRPC response");
            Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            TResponse answer = await ReadAsync(body, method.ResponseParser, maxAnswerBytes, cancellation).ConfigureAwait(false);
            GrpcStatus status = ResponseEnd.TryReadStatus(response.TrailingHeaders, out GrpcStatus told)
                ? told
                : new GrpcStatus(GrpcStatusCode.Internal, "the response ended without a status");
            return status.IsOk ? answer : throw new GrpcException(status);
        }
        catch (Exception failure) when (CallFailure.IsOfTransport(failure))
        {
            cancellation.ThrowIfCancellationRequested();
            throw new GrpcException(CallFailure.StatusOf(failure), failure);
        }
    }

    private static HttpRequestMessage Message(Uri server, string authority, string path, IMessage request, GrpcCallOptions options)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Content(request),
        };
        message.Headers.Host = authority;
        message.Headers.TryAddWithoutValidation("te", "trailers");
        if (options.Timeout is { } timeout)
            message.Headers.TryAddWithoutValidation("grpc-timeout", TimeoutHeader.Format(timeout));
        foreach ((string name, string value) in options.Metadata)
            message.Headers.TryAddWithoutValidation(name, value);
        return message;
    }

    private static ByteArrayContent Content(IMessage request)
    {
        int length = request.CalculateSize();
        byte[] bytes = new byte[MessageFrame.PrefixLength + length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), (uint)length);
        request.WriteTo(bytes.AsSpan(MessageFrame.PrefixLength));
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        return content;
    }

    private static async Task<TResponse> ReadAsync<TResponse>(Stream body, MessageParser<TResponse> parser, int maxBytes, CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        int filled = 0;
        try
        {
            while (true)
            {
                int read = await body.ReadAsync(buffer.AsMemory(filled), cancellation).ConfigureAwait(false);
                if (read == 0)
                    return Parse(buffer.AsSpan(0, filled), parser, maxBytes);
                filled += read;
                if (filled - MessageFrame.PrefixLength > maxBytes)
                    throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"the answer is longer than {maxBytes} bytes");
                if (filled < buffer.Length)
                    continue;
                byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, filled).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static TResponse Parse<TResponse>(ReadOnlySpan<byte> bytes, MessageParser<TResponse> parser, int maxBytes)
        where TResponse : class, IMessage<TResponse>
    {
        if (bytes.IsEmpty)
            throw new GrpcException(GrpcStatusCode.Internal, "the call ended without a message");
        if (bytes.Length < MessageFrame.PrefixLength)
            throw new GrpcException(GrpcStatusCode.Internal, "the body ends in the middle of a message");
        int length = MessageFrame.ReadPrefix(new ReadOnlySequence<byte>(bytes[..MessageFrame.PrefixLength].ToArray()), maxBytes);
        if (bytes.Length != MessageFrame.PrefixLength + length)
            throw new GrpcException(GrpcStatusCode.Internal, "the body is not exactly one message");
        try
        {
            return parser.ParseFrom(bytes[MessageFrame.PrefixLength..]);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new GrpcException(new GrpcStatus(GrpcStatusCode.Internal, "message cannot be parsed: " + failure.Message), failure);
        }
    }
}
