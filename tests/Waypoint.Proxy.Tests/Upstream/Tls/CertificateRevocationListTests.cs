using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Hbone.Tls;

namespace Waypoint.Proxy.Tests.Upstream.Tls;

public sealed class CertificateRevocationListTests
{
    [Fact]
    public void ReadPem_ListWithEntries_IssuerSignatureAndSerials()
    {
        using var authority = new TestAuthority();
        using var namesake = new TestAuthority();
        using X509Certificate2 revoked = authority.Issue("a.example"), good = authority.Issue("b.example");
        using X509Certificate2 root = X509Certificate2.CreateFromPem(authority.RootPem), other = X509Certificate2.CreateFromPem(namesake.RootPem);

        CertificateRevocationList list = Assert.Single(CertificateRevocationList.ReadPem(authority.Revoke(revoked)));

        Assert.True(list.IsOf(root) && list.IsSignedBy(root));
        Assert.True(list.IsOf(other));
        Assert.False(list.IsSignedBy(other));
        Assert.True(list.Revokes(revoked));
        Assert.False(list.Revokes(good));
    }

    [Fact]
    public void ReadPem_NoList_Throws() => Assert.Throws<CryptographicException>(() => CertificateRevocationList.ReadPem("nothing of the kind"));

    [Fact]
    public void Read_AnyBytes_ListOrOneException()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 revoked = authority.Issue("a.example");
        string pem = authority.Revoke(revoked);
        byte[] good = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
        var random = new Random(20_261_128);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] bytes = [.. good];
            for (int i = random.Next(1, 6); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                CertificateRevocationList.Read(bytes.AsMemory(0, random.Next(bytes.Length + 1)));
            }
            catch (CryptographicException)
            {
                // The one way to say no.
            }
        }
    }
}
