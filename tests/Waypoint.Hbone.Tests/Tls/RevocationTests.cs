using System.Net.Security;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tls;

namespace Waypoint.Hbone.Tests.Tls;

/// <summary>Certificates on a revocation list, seen by the verifier that both sides of HBONE use.</summary>
public sealed class RevocationTests
{
    private readonly TestCa _ca = TestCa.Create();

    [Fact]
    public void Verify_RevokedLeaf_Refused()
    {
        TestCa.Issued good = Issue("web"), bad = Issue("worm");
        TlsIdentity own = _ca.Identity("waypoint").WithRevocationLists(CertificateRevocationList.ReadPem(_ca.Revoke(bad)));
        Assert.True(Verify(own, good, out _));
        Assert.False(Verify(own, bad, out string problem));
        Assert.Contains("revoked", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_PeerThatWasGoodBefore_LookedAtAnew()
    {
        TestCa.Issued peer = Issue("web");
        TlsIdentity own = _ca.Identity("waypoint");
        Assert.True(Verify(own, peer, out _));
        TlsIdentity later = own.WithRevocationLists(CertificateRevocationList.ReadPem(_ca.Revoke(peer)));
        Assert.False(Verify(later, peer, out _));
        Assert.False(Verify(later.WithAcceptedTrustDomains(["cluster.local"]), peer, out _));
    }

    [Fact]
    public void Verify_ListOfAnotherAuthorityWithTheSameName_SaysNothing()
    {
        TestCa.Issued peer = Issue("web");
        TlsIdentity own = _ca.Identity("waypoint").WithRevocationLists(CertificateRevocationList.ReadPem(TestCa.Create().Revoke(peer)));
        Assert.True(Verify(own, peer, out _));
    }

    private TestCa.Issued Issue(string account) => _ca.Issue(new TestCa.Leaf { Uris = [TestCa.Spiffe(account)] });

    private static bool Verify(TlsIdentity own, TestCa.Issued peer, out string problem)
    {
        var verifier = new PeerVerifier(own, expected: null, TimeProvider.System);
        using var certificate = peer.ToCertificate();
        bool good = verifier.Verify(verifier, certificate, null, SslPolicyErrors.None);
        problem = verifier.Problem;
        return good;
    }
}
