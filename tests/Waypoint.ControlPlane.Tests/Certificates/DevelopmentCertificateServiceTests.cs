using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.ControlPlane.Certificates;
using Waypoint.Grpc;
using Waypoint.Grpc.Client;
using Waypoint.Grpc.Server;
using Waypoint.Protos.Istio.V1.Auth;
using Waypoint.Testing.Istiod;

namespace Waypoint.ControlPlane.Tests.Certificates;

public sealed class DevelopmentCertificateServiceTests : IDisposable
{
    private const string Identity = "spiffe://cluster.local/ns/shop/sa/waypoint";

    private readonly DevelopmentCertificateAuthority _authority = new("cluster.local", TimeProvider.System);

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Create_CallerKnown_LeafForItsIdentityThenRoot()
    {
        var response = await CreateAsync(_ => Identity, Request());

        Assert.Equal(2, response.CertChain.Count);
        Assert.Equal(_authority.RootPem, response.CertChain[1]);
        using var leaf = X509Certificate2.CreateFromPem(response.CertChain[0]);
        Assert.InRange(leaf.NotAfter - leaf.NotBefore, TimeSpan.FromHours(24), TimeSpan.FromHours(25));
    }

    [Fact]
    public async Task Create_CallerUnknown_Unauthenticated() =>
        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unauthenticated, "request authenticate failure"), await RefusalAsync(_ => null, Request()));

    [Fact]
    public async Task Create_NobodyIdentifies_IdentityOfTheRequest()
    {
        var response = await CreateAsync(null, Request(Identity));

        using var leaf = X509Certificate2.CreateFromPem(response.CertChain[0]);
        Assert.Equal(Identity, SubjectAlternativeNames.FirstUri(leaf.Extensions.Single(extension => extension.Oid!.Value == "2.5.29.17").RawData));
        Assert.Equal(GrpcStatusCode.Unauthenticated, (await RefusalAsync(null, Request())).Code);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(90 * 86400 + 1)]
    public async Task Create_LifetimeOutOfRange_InvalidArgument(long seconds)
    {
        var request = Request();
        request.ValidityDuration = seconds;

        Assert.Equal(GrpcStatusCode.InvalidArgument, (await RefusalAsync(_ => Identity, request)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a request")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n")]
    public async Task Create_NoRequest_InvalidArgument(string csr) =>
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await RefusalAsync(_ => Identity, new IstioCertificateRequest { Csr = csr })).Code);

    private static IstioCertificateRequest Request(string? uri = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("", key, HashAlgorithmName.SHA256);
        if (uri is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri(uri));
            request.CertificateExtensions.Add(names.Build(true));
        }
        return new IstioCertificateRequest { Csr = request.CreateSigningRequestPem() };
    }

    private async Task<GrpcStatus> RefusalAsync(Func<GrpcServerContext, string?>? identify, IstioCertificateRequest request) =>
        (await Assert.ThrowsAsync<GrpcException>(() => CreateAsync(identify, request))).Status;

    private async Task<IstioCertificateResponse> CreateAsync(Func<GrpcServerContext, string?>? identify, IstioCertificateRequest request)
    {
        await using var istiod = await FakeIstiod.StartAsync(further: new DevelopmentCertificateService(_authority, identify).Map);
        using var channel = new GrpcChannel(istiod.ChannelOptions);
        var method = new GrpcMethod<IstioCertificateRequest, IstioCertificateResponse>(
            "istio.v1.auth.IstioCertificateService", "CreateCertificate", IstioCertificateRequest.Parser, IstioCertificateResponse.Parser);
        return await channel.UnaryAsync(method, request, GrpcCallOptions.Default, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
    }
}
