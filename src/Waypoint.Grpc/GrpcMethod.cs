using Google.Protobuf;
using Grpc.Core;

namespace Waypoint.Grpc;

/// <summary>A method of a service. Unary or streaming is a matter of the call, not of the method.</summary>
/// <typeparam name="TRequest">Message of the client.</typeparam>
/// <typeparam name="TResponse">Message of the server.</typeparam>
/// <param name="service">Full name with package, such as <c>istio.v1.auth.IstioCertificateService</c>.</param>
/// <param name="name">Name in the service, such as <c>CreateCertificate</c>.</param>
/// <param name="requestParser">Reads requests; the server's side uses it.</param>
/// <param name="responseParser">Reads responses; the client's side uses it.</param>
public sealed class GrpcMethod<TRequest, TResponse>(
    string service, string name, MessageParser<TRequest> requestParser, MessageParser<TResponse> responseParser)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary><c>:path</c> of a call.</summary>
    public string Path => AsDuplex.FullName;

    /// <summary>For calls that read and write at will.</summary>
    internal Method<TRequest, TResponse> AsDuplex { get; } = new(MethodType.DuplexStreaming, service, name, Marshaller(requestParser), Marshaller(responseParser));

    /// <summary>For calls of one message each way.</summary>
    internal Method<TRequest, TResponse> AsUnary { get; } = new(MethodType.Unary, service, name, Marshaller(requestParser), Marshaller(responseParser));

    /// <summary>Straight from and into the library's buffers: a message is never whole in one array of its own.</summary>
    private static Marshaller<T> Marshaller<T>(MessageParser<T> parser)
        where T : class, IMessage<T> =>
        new(
            static (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
