using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using Waypoint.Xds.Ads;

namespace Waypoint.Xds.Tests.Snapshots;

/// <summary>Secrets that clusters refer to: asked for by name, published, and forgotten with the last reference.</summary>
public sealed class SecretDiscoveryTests
{
    private const string Credential = "kubernetes://credential";
    private const string Authority = "kubernetes://credential-cacert";

    [Fact]
    public async Task Clusters_ReferToSecrets_SubscribedAndPublishedWhenTheyCome()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(WithSecrets()));
        Assert.Contains((XdsTypeUrls.Secret, Credential), fixture.Subscribed);
        Assert.Contains((XdsTypeUrls.Secret, Authority), fixture.Subscribed);
        Assert.Empty(fixture.Snapshot.Secrets);

        await fixture.AcceptAsync(Resources.Response(XdsTypeUrls.Secret, Resources.Of(Credential, Certificate("CHAIN"))));

        Assert.Equal("CHAIN", fixture.Snapshot.Secrets[Credential].CertificatesPem);
    }

    [Fact]
    public async Task Secret_NewVersionIsBad_TheLastGoodOneStays()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(WithSecrets()));
        await fixture.AcceptAsync(Resources.Response(XdsTypeUrls.Secret, Resources.Of(Credential, Certificate("CHAIN"))));

        string nack = await fixture.RefuseAsync(Resources.Response(XdsTypeUrls.Secret, Resources.Of(Credential, new Secret { Name = Credential })));

        Assert.Contains(Credential, nack, StringComparison.Ordinal);
        Assert.Equal("CHAIN", fixture.Snapshot.Secrets[Credential].CertificatesPem);
    }

    [Fact]
    public async Task Clusters_NoLongerReferToSecrets_Unsubscribed()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(WithSecrets()));

        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("vault")));

        Assert.DoesNotContain(fixture.Subscribed, s => s.Type == XdsTypeUrls.Secret);
    }

    private static Secret Certificate(string chain) => new()
    {
        Name = Credential,
        TlsCertificate = new() { CertificateChain = new() { InlineString = chain }, PrivateKey = new() { InlineString = "KEY" } },
    };

    private static Cluster WithSecrets()
    {
        Cluster cluster = Resources.Eds("vault");
        cluster.TransportSocket = Json.Parse<Cluster>("""
            {"transport_socket": {"name": "tls", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
              "common_tls_context": {
                "tls_certificate_sds_secret_configs": [{"name": "kubernetes://credential", "sds_config": {"ads": {}}}],
                "validation_context_sds_secret_config": {"name": "kubernetes://credential-cacert", "sds_config": {"ads": {}}}}}}}
            """).TransportSocket;
        return cluster;
    }
}
