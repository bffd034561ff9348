using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Grpc.Client;
using Waypoint.Grpc.Server;
using Waypoint.Testing.Time;
using static Waypoint.Grpc.Tests.TestService;

namespace Waypoint.Grpc.Tests.Client;

public class GrpcTlsTests
{
    private readonly TestAuthority _authority = new("mesh");

    [Fact]
    public async Task Tls_NameOtherThanDialledAddress_Verified()
    {
        await using var service = await EchoAsync(ServerOptions());

        Assert.Equal("hello", (await service.SayAsync("hello", Trusting(service, "istiod.istio-system.svc"))).Value);
    }

    [Fact]
    public async Task Tls_CertificateOfAnotherName_UnavailableAndSaysWhy()
    {
        await using var service = await EchoAsync(ServerOptions());

        var status = await StatusOfAsync(service.SayAsync("x", Trusting(service, "other.istio-system.svc")));

        Assert.Equal(GrpcStatusCode.Unavailable, status.Code);
        Assert.Contains("RemoteCertificateNameMismatch", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_UnknownRoot_UnavailableUntilRootsAreRotated()
    {
        await using var service = await EchoAsync(ServerOptions());
        var roots = new TestAuthority("other").Roots;
        var options = service.Options with { Tls = new GrpcTlsOptions { ServerName = "istiod.istio-system.svc", Roots = () => roots } };
        var channel = service.Channel(options);
        Assert.Equal(GrpcStatusCode.Unavailable, (await StatusOfAsync(SayAsync(channel))).Code);

        roots = _authority.Roots;

        Assert.Equal("", (await SayAsync(channel).WaitAsync(Patience)).Value);
    }

    [Fact]
    public async Task Tls_NoRoots_Unavailable()
    {
        await using var service = await EchoAsync(ServerOptions());

        var options = service.Options with { Tls = new GrpcTlsOptions { ServerName = "istiod.istio-system.svc", Roots = () => [] } };

        Assert.Equal(GrpcStatusCode.Unavailable, (await StatusOfAsync(service.SayAsync("x", options))).Code);
    }

    [Fact]
    public async Task Tls_ClientCertificate_ReadForEachConnection()
    {
        await using var service = await StartAsync(
            map => map.Unary(Text, (_, context) => ValueTask.FromResult(new StringValue { Value = context.Http.Connection.ClientCertificate?.Subject ?? "none" })),
            ServerOptions(_authority.Roots, required: true));
        var certificate = _authority.Leaf("first");
        var options = Trusting(service, "istiod.istio-system.svc");
        options = options with { Tls = options.Tls! with { ClientCertificate = () => certificate } };
        var live = service.Channel(options);
        Assert.Equal("CN=first", (await SayAsync(live).WaitAsync(Patience)).Value);

        certificate = _authority.Leaf("second");

        Assert.Equal("CN=first", (await SayAsync(live).WaitAsync(Patience)).Value);
        Assert.Equal("CN=second", (await SayAsync(service.Channel(options)).WaitAsync(Patience)).Value);
    }

    [Fact]
    public async Task Tls_ClientCertificateWithIntermediate_ChainIsSent()
    {
        await using var service = await StartAsync(
            map => map.Unary(Text, (_, context) => ValueTask.FromResult(new StringValue { Value = context.Http.Connection.ClientCertificate?.Subject ?? "none" })),
            ServerOptions(_authority.Roots, required: true));
        var certificate = _authority.Intermediate("between").Leaf("deep");
        var options = Trusting(service, "istiod.istio-system.svc");

        var answer = await service.SayAsync("x", options with { Tls = options.Tls! with { ClientCertificate = () => certificate } });

        Assert.Equal("CN=deep", answer.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tls_ClientCertificateRefused_Unavailable(bool foreign)
    {
        await using var service = await EchoAsync(ServerOptions(_authority.Roots, required: true));
        var certificate = foreign ? new TestAuthority("other").Leaf("stranger") : null;
        var options = Trusting(service, "istiod.istio-system.svc");

        var status = await StatusOfAsync(service.SayAsync("x", options with { Tls = options.Tls! with { ClientCertificate = () => certificate } }));

        Assert.Equal(GrpcStatusCode.Unavailable, status.Code);
    }

    [Fact]
    public async Task Tls_PeerNeverAnswersTheHandshake_UnavailableAfterTheConnectTimeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var time = new FakeTimeProvider();
        using var channel = new GrpcChannel(new GrpcChannelOptions { Address = silent.LocalEndpoint, Tls = new GrpcTlsOptions { ServerName = "x" }, Time = time });
        var call = SayAsync(channel);
        using var accepted = await silent.AcceptSocketAsync().WaitAsync(Patience);
        Assert.Equal(TimeSpan.FromSeconds(5), await time.NextTimerAsync());

        time.Advance(TimeSpan.FromSeconds(5));

        var status = await StatusOfAsync(call);
        Assert.Equal(GrpcStatusCode.Unavailable, status.Code);
        Assert.Contains("no connection within 5 s", status.Message, StringComparison.Ordinal);
    }

    private static Task<StringValue> SayAsync(IGrpcChannel channel) => channel.UnaryAsync(Text, new StringValue(), GrpcCallOptions.Default, CancellationToken.None);

    private GrpcChannelOptions Trusting(TestService service, string name) =>
        service.Options with { Tls = new GrpcTlsOptions { ServerName = name, Roots = () => _authority.Roots } };

    private GrpcServerOptions ServerOptions(X509Certificate2Collection? clientRoots = null, bool required = false)
    {
        var certificate = _authority.Leaf("istiod", "istiod.istio-system.svc");
        return new GrpcServerOptions
        {
            Tls = new GrpcServerTlsOptions { Certificate = () => certificate, ClientRoots = clientRoots is null ? null : () => clientRoots, RequireClientCertificate = required },
        };
    }
}
