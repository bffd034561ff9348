using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Hbone.Tls;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.Matching;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Pools;
using Waypoint.Proxy.Upstream.Tls;

namespace Waypoint.Proxy.Tests.Upstream.Tls;

/// <summary>TLS towards servers of the outside world, over real sockets.</summary>
public sealed class UpstreamTlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("waypoint-tls").FullName;

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Connect_GoodServer_NameIsSentAndNoCertificateShown()
    {
        using X509Certificate2 certificate = _authority.Issue("rates.example");
        using var server = new TlsServer(certificate);

        await ConnectAsync(server, Config("rates.example") with { ServerName = "rates.example", ApplicationProtocols = ["h2"] });

        Assert.Equal(("rates.example", null, "h2"), await server.Seen.WaitAsync(Patience));
    }

    [Fact]
    public async Task Connect_CertificateForAnotherName_RefusedWithBothNames()
    {
        UpstreamConnectException refused = await RefusedAsync(_authority, "someone-else.example", Config("rates.example"));

        Assert.Equal(FailureReason.ConnectFailure, refused.Reason);
        Assert.Contains("CERTIFICATE_VERIFY_FAILED", refused.Message, StringComparison.Ordinal);
        Assert.Contains("someone-else.example", refused.Message, StringComparison.Ordinal);
        Assert.Contains("rates.example", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ExpiredCertificate_Refused() =>
        Assert.Contains("NotTimeValid", (await RefusedAsync(_authority, "rates.example", Config("rates.example"), expired: true)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Connect_CertificateOfAnotherAuthority_Refused()
    {
        using var stranger = new TestAuthority("stranger");

        Assert.Contains("CERTIFICATE_VERIFY_FAILED", (await RefusedAsync(stranger, "rates.example", Config("rates.example"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_RevokedCertificate_Refused()
    {
        using X509Certificate2 certificate = _authority.Issue("rates.example");
        using var server = new TlsServer(certificate);

        UpstreamConnectException refused = await Assert.ThrowsAsync<UpstreamConnectException>(() => ConnectAsync(server, WithRevocation(_authority.Revoke(certificate))));

        Assert.Contains("revoked", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_CertificateOnNoList_Accepted()
    {
        using X509Certificate2 certificate = _authority.Issue("rates.example"), other = _authority.Issue("rates.example");
        using var server = new TlsServer(certificate);

        await ConnectAsync(server, WithRevocation(_authority.Revoke(other)));

        await server.Seen.WaitAsync(Patience);
    }

    [Fact]
    public async Task Connect_RevocationListIsOutOfDate_Refused()
    {
        using X509Certificate2 certificate = _authority.Issue("rates.example");
        using var server = new TlsServer(certificate);

        UpstreamConnectException refused = await Assert.ThrowsAsync<UpstreamConnectException>(() =>
            ConnectAsync(server, WithRevocation(_authority.Revoke(DateTimeOffset.UtcNow.AddDays(-1)))));

        Assert.Contains("no valid revocation list", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_RevocationListOfAnotherAuthority_Refused()
    {
        using var stranger = new TestAuthority();
        using X509Certificate2 certificate = _authority.Issue("rates.example");
        using var server = new TlsServer(certificate);

        UpstreamConnectException refused = await Assert.ThrowsAsync<UpstreamConnectException>(() => ConnectAsync(server, WithRevocation(stranger.Revoke())));

        Assert.Contains("no valid revocation list", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ClientCertificateFromFiles_ShownAndReadAgainWhenItChanges()
    {
        var files = new PemFiles([KeyValuePair.Create("/etc/lab", _folder)], new TickingTime());
        UpstreamTlsConfig config = Config("rates.example") with { ClientCertificate = new TlsSecretReference(TlsSecretKind.Files, "/etc/lab/c.pem", "/etc/lab/k.pem") };
        var tls = Tls(files);
        using X509Certificate2 certificate = _authority.Issue("rates.example");
        foreach (string subject in (string[])["CN=first", "CN=second"])
        {
            WriteClient(subject);
            using var server = new TlsServer(certificate);
            await ConnectAsync(server, config, tls);
            Assert.Equal(subject, (await server.Seen.WaitAsync(Patience)).Client);
        }
    }

    [Fact]
    public async Task Connect_FileIsMissing_RefusedWithItsName()
    {
        using X509Certificate2 certificate = _authority.Issue("rates.example");
        using var server = new TlsServer(certificate);

        UpstreamConnectException refused = await Assert.ThrowsAsync<UpstreamConnectException>(() =>
            ConnectAsync(server, Config("rates.example") with { Roots = new TlsSecretReference(TlsSecretKind.Files, "/nowhere/ca.pem") }));

        Assert.Contains("/nowhere/ca.pem", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_SecretHasNotBeenDelivered_RefusedWithItsName()
    {
        using X509Certificate2 certificate = _authority.Issue("rates.example");
        using var server = new TlsServer(certificate);

        UpstreamConnectException refused = await Assert.ThrowsAsync<UpstreamConnectException>(() =>
            ConnectAsync(server, Config("rates.example") with { Roots = new TlsSecretReference(TlsSecretKind.Discovered, "kubernetes://ca") }));

        Assert.Contains("kubernetes://ca", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rates.example", true)]
    [InlineData("other.example", false)]
    public async Task Connect_NameFromTheRequest_SentAndRequired(string authority, bool accepted)
    {
        using X509Certificate2 certificate = _authority.Issue("rates.example");
        using var server = new TlsServer(certificate);
        var connections = new ConnectionSettings { AutoServerName = true, AutoNameValidation = true };
        Task connecting = ConnectAsync(server, Config(), connections: connections, variant: new PoolVariant(authority, null, null));

        if (accepted)
        {
            await connecting;
            Assert.Equal(authority, (await server.Seen.WaitAsync(Patience)).Name);
        }
        else
        {
            Assert.Contains("other.example", (await Assert.ThrowsAsync<UpstreamConnectException>(() => connecting)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Connect_ServerSpeaksOnlyAnOlderVersion_Refused()
    {
        using X509Certificate2 certificate = _authority.Issue("rates.example");
        using var server = new TlsServer(certificate, SslProtocols.Tls12);

        await Assert.ThrowsAsync<UpstreamConnectException>(() => ConnectAsync(server, Config("rates.example") with { AllowTls12 = false }));
    }

    [Fact]
    public async Task Connect_NoRootsConfigured_EveryCertificateAccepted()
    {
        using var stranger = new TestAuthority("stranger");
        using X509Certificate2 certificate = stranger.Issue("whoever.example");
        using var server = new TlsServer(certificate);

        await ConnectAsync(server, new UpstreamTlsConfig());

        await server.Seen.WaitAsync(Patience);
    }

    private static UpstreamTls Tls(PemFiles? files = null)
    {
        var store = new TlsMaterialStore(new ActiveSnapshot(), new TlsIdentitySource(), files ?? new PemFiles([], TimeProvider.System));
        return new UpstreamTls(store, TimeProvider.System);
    }

    private static async Task ConnectAsync(TlsServer server, UpstreamTlsConfig config, UpstreamTls? tls = null, ConnectionSettings? connections = null, PoolVariant? variant = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.EndPoint);
        var endpoint = new Endpoint { Kind = EndpointKind.Direct, Address = server.EndPoint, AddressText = server.EndPoint.ToString() };
        await using SslStream stream = await (tls ?? Tls()).ConnectAsync(
            new NetworkStream(socket, ownsSocket: true), config, connections ?? ConnectionSettings.Default, endpoint, variant ?? PoolVariant.None, TestContext.Current.CancellationToken)
            .AsTask().WaitAsync(Patience);
        await stream.WriteAsync(new byte[1], TestContext.Current.CancellationToken);
        await server.Seen.WaitAsync(Patience);
    }

    private static async Task<UpstreamConnectException> RefusedAsync(TestAuthority authority, string name, UpstreamTlsConfig config, bool expired = false)
    {
        using X509Certificate2 certificate = authority.Issue(name, expired);
        using var server = new TlsServer(certificate);
        return await Assert.ThrowsAsync<UpstreamConnectException>(() => ConnectAsync(server, config));
    }

    private UpstreamTlsConfig Config(string? name = null) => new()
    {
        Roots = new TlsSecretReference(TlsSecretKind.Inline, _authority.RootPem),
        SubjectNames = name is null ? [] : [new SubjectNameMatcher(SubjectNameKind.Any, StringMatcher.Exact(name), name)],
    };

    private UpstreamTlsConfig WithRevocation(string pem) => Config("rates.example") with { RevocationLists = new TlsSecretReference(TlsSecretKind.Inline, pem) };

    private void WriteClient(string subject)
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new CertificateRequest(subject, key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(_folder, "c.pem"), certificate.ExportCertificatePem() + new string('\n', subject.Length));
        File.WriteAllText(Path.Combine(_folder, "k.pem"), key.ExportPkcs8PrivateKeyPem() + new string('\n', subject.Length));
    }

    /// <summary>A clock that has moved on by an hour whenever it is asked.</summary>
    private sealed class TickingTime : TimeProvider
    {
        private long _hours;

        public override long GetTimestamp() => Interlocked.Increment(ref _hours) * TimestampFrequency * 3600;
    }
}
