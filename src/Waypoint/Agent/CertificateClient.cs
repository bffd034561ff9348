using Google.Protobuf.WellKnownTypes;
using Waypoint.Grpc;
using Waypoint.Grpc.Client;
using Waypoint.Protos.Istio.V1.Auth;

namespace Waypoint.Agent;

/// <summary>Asks istiod for certificates (<c>istio.v1.auth.IstioCertificateService/CreateCertificate</c>). Every request has a connection of its own: they are hours apart,
/// and a rotated root or token is then in use without further care.</summary>
/// <param name="options">Where, and with which token.</param>
/// <param name="signer">Metadata CertSigner; empty for the authority's default.</param>
/// <param name="time">Clock of the retries.</param>
/// <param name="random">Their jitter.</param>
internal sealed class CertificateClient(GrpcChannelOptions options, string signer, TimeProvider time, Random random) : ICertificateAuthority
{
    private const int Attempts = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    private static readonly GrpcMethod<IstioCertificateRequest, IstioCertificateResponse> Method =
        new("istio.v1.auth.IstioCertificateService", "CreateCertificate", IstioCertificateRequest.Parser, IstioCertificateResponse.Parser);

    public async Task<IReadOnlyList<string>> SignAsync(string requestPem, TimeSpan validity, CancellationToken cancellation)
    {
        var request = new IstioCertificateRequest
        {
            Csr = requestPem,
            ValidityDuration = (long)validity.TotalSeconds,
            Metadata = new Struct { Fields = { ["CertSigner"] = Value.ForString(signer) } },
        };
        using var channel = new GrpcChannel(options);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await channel.UnaryAsync(Method, request, new GrpcCallOptions { Timeout = AttemptTimeout }, cancellation);
                return [.. answer.CertChain];
            }
            catch (GrpcException error) when (!cancellation.IsCancellationRequested)
            {
                if (attempt == Attempts || !IsTransient(error.Status.Code))
                    throw new CertificateRefusedException($"{options.Address}: {Describe(error)}", error);
            }
            var delay = FirstDelay * Math.Pow(2, attempt - 1) * (0.9 + 0.2 * random.NextDouble());
            await Task.Delay(delay, time, cancellation);
        }
    }

    private static bool IsTransient(GrpcStatusCode code) => code is GrpcStatusCode.Cancelled or GrpcStatusCode.DeadlineExceeded or GrpcStatusCode.ResourceExhausted
        or GrpcStatusCode.Aborted or GrpcStatusCode.Internal or GrpcStatusCode.Unavailable;

    private static string Describe(GrpcException error) => error.Status.Code switch
    {
        GrpcStatusCode.Unauthenticated => $"{error.Status} (is the token's audience istio-ca, and does CLUSTER_ID name this cluster?)",
        GrpcStatusCode.Unavailable => $"{error.Status} (a NetworkPolicy may block it)",
        _ => error.Status.ToString(),
    };
}
