using Google.Protobuf;

namespace Waypoint.Grpc;

/// <summary>A method of a service. Unary or streaming is a matter of the call, not of the method.</summary>
/// <typeparam name="TRequest">Message of the client.</typeparam>
/// <typeparam name="TResponse">Message of the server.</typeparam>
/// <param name="Service">Full name with package, such as <c>istio.v1.auth.IstioCertificateService</c>.</param>
/// <param name="Name">Name in the service, such as <c>CreateCertificate</c>.</param>
/// <param name="RequestParser">Reads requests; the server's side uses it.</param>
/// <param name="ResponseParser">Reads responses; the client's side uses it.</param>
public sealed record GrpcMethod<TRequest, TResponse>(
    string Service, string Name, MessageParser<TRequest> RequestParser, MessageParser<TResponse> ResponseParser)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary><c>:path</c> of a call.</summary>
    public string Path { get; } = $"/{Service}/{Name}";
}
