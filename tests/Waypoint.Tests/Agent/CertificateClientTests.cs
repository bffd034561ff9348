using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Agent;
using Waypoint.Grpc;
using Waypoint.Grpc.Client;
using Waypoint.Grpc.Server;
using Waypoint.Protos.Istio.V1.Auth;

namespace Waypoint.Tests.Agent;

public class CertificateClientTests
{
    private static readonly GrpcMethod<IstioCertificateRequest, IstioCertificateResponse> Method =
        new("istio.v1.auth.IstioCertificateService", "CreateCertificate", IstioCertificateRequest.Parser, IstioCertificateResponse.Parser);

    [Fact]
    public async Task Sign_AuthorityAnswers_ChainAndWhatWasAsked()
    {
        var asked = new List<(IstioCertificateRequest Request, string Token, string Cluster)>();
        await using var authority = await Authority.StartAsync((request, context) =>
        {
            asked.Add((request, context.Header("authorization") ?? "", context.Header("clusterid") ?? ""));
            return new IstioCertificateResponse { CertChain = { "leaf", "root" } };
        });

        var chain = await authority.Client().SignAsync("csr", TimeSpan.FromHours(24), TestContext.Current.CancellationToken);

        Assert.Equal(["leaf", "root"], chain);
        var (sent, token, cluster) = Assert.Single(asked);
        Assert.Equal(86400, sent.ValidityDuration);
        Assert.Equal("csr", sent.Csr);
        Assert.Equal("signer", sent.Metadata.Fields["CertSigner"].StringValue);
        Assert.Equal("Bearer token", token);
        Assert.Equal("Kubernetes", cluster);
    }

    [Fact]
    public async Task Sign_UnavailableTwice_TriesAgain()
    {
        var calls = 0;
        await using var authority = await Authority.StartAsync((_, _) =>
            ++calls < 3 ? throw new GrpcException(GrpcStatusCode.Unavailable, "busy") : new IstioCertificateResponse { CertChain = { "leaf", "root" } });

        await authority.Client().SignAsync("csr", TimeSpan.FromHours(1), TestContext.Current.CancellationToken);

        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Sign_Unauthenticated_RefusedAtOnceWithAHint()
    {
        var calls = 0;
        await using var authority = await Authority.StartAsync((_, _) =>
        {
            calls++;
            throw new GrpcException(GrpcStatusCode.Unauthenticated, "request authenticate failure");
        });

        var refused = await Assert.ThrowsAsync<CertificateRefusedException>(() => authority.Client().SignAsync("csr", TimeSpan.FromHours(1), TestContext.Current.CancellationToken));

        Assert.Equal(1, calls);
        Assert.Contains("request authenticate failure", refused.Message, StringComparison.Ordinal);
        Assert.Contains("istio-ca", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_ServerOfAnotherRoot_Refused()
    {
        await using var authority = await Authority.StartAsync((_, _) => new IstioCertificateResponse { CertChain = { "leaf", "root" } });
        using var other = Authority.SelfSigned();

        await Assert.ThrowsAsync<CertificateRefusedException>(() => authority.Client(other).SignAsync("csr", TimeSpan.FromHours(1), TestContext.Current.CancellationToken));
    }

    private sealed class Authority(GrpcServer server, X509Certificate2 certificate) : IAsyncDisposable
    {
        public static async Task<Authority> StartAsync(Func<IstioCertificateRequest, GrpcServerContext, IstioCertificateResponse> answer)
        {
            var certificate = SelfSigned();
            var context = System.Net.Security.SslStreamCertificateContext.Create(certificate, null, offline: true);
            var map = new GrpcServiceMap().Unary(Method, (request, call) => ValueTask.FromResult(answer(request, call)));
            var server = await GrpcServer.StartAsync(new GrpcServerOptions { Tls = new GrpcServerTlsOptions { Certificate = () => context } }, map, null, TestContext.Current.CancellationToken);
            return new Authority(server, certificate);
        }

        public static X509Certificate2 SelfSigned()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=istiod", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("istiod.istio-system.svc");
            request.CertificateExtensions.Add(names.Build());
            using var signed = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
            return X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pkcs12), null);
        }

        public CertificateClient Client(X509Certificate2? root = null) => new(
            new GrpcChannelOptions
            {
                Address = (IPEndPoint)server.EndPoint,
                Tls = new GrpcTlsOptions { ServerName = "istiod.istio-system.svc", Roots = () => [root ?? certificate] },
                BearerToken = _ => ValueTask.FromResult<string?>("token"),
                Metadata = [new GrpcHeader("clusterid", "Kubernetes")],
            },
            "signer", TimeProvider.System, new Random(1));

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            certificate.Dispose();
        }
    }
}
