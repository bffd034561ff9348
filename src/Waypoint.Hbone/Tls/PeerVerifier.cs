using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tls;

/// <summary>Decides about the certificate of one peer during one handshake, and keeps what it found.</summary>
/// <param name="own">Our certificates and roots.</param>
/// <param name="expected">Who must answer, as client; null as server: any identity of an accepted trust domain.</param>
/// <param name="time">Clock of the validity check.</param>
internal sealed class PeerVerifier(TlsIdentity own, ExpectedPeer? expected, TimeProvider time)
{
    private const int MaxChainLength = 10;
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    /// <summary>Chain policy for SslStream itself: it must not spend time on a chain whose roots it does not know; <see cref="Verify"/> does it once per certificate.</summary>
    public static X509ChainPolicy NoRoots() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>The proven identity, once <see cref="Verify"/> has succeeded.</summary>
    public SpiffeId? Peer { get; private set; }

    /// <summary>Why the peer was refused, for logs.</summary>
    public string Problem { get; private set; } = "the peer sent no certificate";

    /// <summary>The chain was good, but the identity is not the one that was expected.</summary>
    public bool IsUnexpectedIdentity { get; private set; }

    /// <summary>The callback for SslStream.</summary>
    public bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf)
            return false;
        DateTimeOffset now = time.GetUtcNow();
        (UInt128 High, UInt128 Low) hash = Hash(leaf);
        if (!own.Peers.TryGet(hash, now, out SpiffeId? id))
        {
            if (!SpiffeCertificate.TryReadId(leaf, out id, out string problem))
                return Refuse(problem);
            if (!VerifyChain(leaf, chain, now, id, hash))
                return false;
        }
        if (expected is null ? !own.AcceptsTrustDomain(id.TrustDomain) : !expected.Accepts(id))
        {
            IsUnexpectedIdentity = true;
            return Refuse(expected is null ? $"the trust domain of {id} is not accepted" : $"the peer is {id}, expected was {expected}");
        }
        Peer = id;
        return true;
    }

    private bool VerifyChain(X509Certificate2 leaf, X509Chain? sent, DateTimeOffset now, SpiffeId id, (UInt128 High, UInt128 Low) hash)
    {
        foreach (X509Extension extension in leaf.Extensions)
        {
            if (extension is X509BasicConstraintsExtension { CertificateAuthority: true })
                return Refuse("the peer uses a CA certificate as its own");
        }
        if (sent is not null && sent.ChainPolicy.ExtraStore.Count > MaxChainLength)
            return Refuse($"the peer sent more than {MaxChainLength} certificates");
        using var chain = new X509Chain();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(own.Roots);
        if (sent is not null)
            policy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(expected is null ? ClientAuth : ServerAuth));
        bool good = chain.Build(leaf);
        string problem = good ? "" : Describe(chain);
        if (good && IsRevoked(chain))
        {
            good = false;
            problem = "the peer's certificate, or one above it, is revoked";
        }

        DateTimeOffset notBefore = DateTimeOffset.MinValue;
        DateTimeOffset notAfter = DateTimeOffset.MaxValue;
        foreach (X509ChainElement element in chain.ChainElements)
        {
            DateTimeOffset begin = element.Certificate.NotBefore.ToUniversalTime();
            DateTimeOffset end = element.Certificate.NotAfter.ToUniversalTime();
            notBefore = begin > notBefore ? begin : notBefore;
            notAfter = end < notAfter ? end : notAfter;
            element.Certificate.Dispose();
        }
        if (!good)
            return Refuse(problem);
        own.Peers.Add(hash, id, notBefore, notAfter);
        return true;
    }

    private bool IsRevoked(X509Chain chain)
    {
        for (int i = 0; i + 1 < chain.ChainElements.Count && own.RevocationLists.Count > 0; i++)
        {
            X509Certificate2 authority = chain.ChainElements[i + 1].Certificate;
            foreach (CertificateRevocationList list in own.RevocationLists)
            {
                // A list whose next one is overdue still says what it says.
                if (list.IsOf(authority) && list.IsSignedBy(authority) && list.Revokes(chain.ChainElements[i].Certificate))
                    return true;
            }
        }
        return false;
    }

    private static string Describe(X509Chain chain)
    {
        X509ChainStatusFlags flags = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain.ChainStatus)
            flags |= status.Status;
        return $"the peer's certificate chain is not valid: {flags}";
    }

    // The purpose is part of the key: a certificate for clients only must not pass as a server's.
    private (UInt128 High, UInt128 Low) Hash(X509Certificate2 leaf)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(leaf.RawDataMemory.Span, hash);
        hash[0] = (byte)((hash[0] & 0xfe) | (expected is null ? 1 : 0));
        return (BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }

    private bool Refuse(string problem)
    {
        Problem = problem;
        return false;
    }
}
