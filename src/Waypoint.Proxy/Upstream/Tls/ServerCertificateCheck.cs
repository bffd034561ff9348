using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Hbone.Tls;
using Waypoint.Model.Clusters;

namespace Waypoint.Proxy.Upstream.Tls;

/// <summary>Decides about the certificate of one server during one handshake, and keeps why it was refused.</summary>
/// <param name="config">What is configured.</param>
/// <param name="material">Roots and revocation lists.</param>
/// <param name="requiredName">A host or address that the certificate must be for; null: only the configured conditions count.</param>
/// <param name="time">Clock of the validity check.</param>
internal sealed class ServerCertificateCheck(UpstreamTlsConfig config, TlsMaterial material, string? requiredName, TimeProvider time)
{
    private const int MaxChainLength = 16;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Why the certificate was refused.</summary>
    public string Problem { get; private set; } = "the server sent no certificate";

    /// <summary>Chain policy for SslStream itself: it must not spend time on a chain whose roots it does not know; <see cref="Verify"/> does it.</summary>
    public static X509ChainPolicy NoRoots() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>The callback for SslStream.</summary>
    public bool Verify(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        if (!material.CheckChain)
        {
            // Names mean nothing in a certificate that nobody vouches for.
            return requiredName is null && config.SubjectNames.Count == 0 ? true : Refuse("a name is required and no roots are configured");
        }

        return VerifyChain(leaf, sent) && VerifyNames(leaf);
    }

    private bool VerifyChain(X509Certificate2 leaf, X509Chain? sent)
    {
        if (sent is not null && sent.ChainPolicy.ExtraStore.Count > MaxChainLength)
        {
            return Refuse($"more than {MaxChainLength} certificates were sent");
        }

        using var chain = new X509Chain();
        X509ChainPolicy policy = chain.ChainPolicy;
        if (material.Roots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        if (sent is not null)
        {
            policy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = time.GetUtcNow().UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        bool good = chain.Build(leaf);
        string? problem = good ? material.RevocationLists is { } lists ? Revoked(chain, lists) : null : Describe(chain);
        foreach (X509ChainElement element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return problem is null || Refuse(problem);
    }

    /// <summary>Null if every certificate of the chain, or only the leaf, is on no list; a certificate without a valid list of its issuer is as bad as a revoked one.</summary>
    private string? Revoked(X509Chain chain, IReadOnlyList<CertificateRevocationList> lists)
    {
        DateTimeOffset now = time.GetUtcNow();
        int last = config.RevocationOfLeafOnly ? 1 : chain.ChainElements.Count;
        for (int i = 0; i < last; i++)
        {
            X509Certificate2 certificate = chain.ChainElements[i].Certificate;
            X509Certificate2 issuer = chain.ChainElements[Math.Min(i + 1, chain.ChainElements.Count - 1)].Certificate;
            bool checkedOnce = false;
            foreach (CertificateRevocationList list in lists)
            {
                if (!list.IsOf(issuer) || list.ThisUpdate > now || list.NextUpdate < now || !list.IsSignedBy(issuer))
                {
                    continue;
                }

                if (list.Revokes(certificate))
                {
                    return $"certificate '{certificate.Subject}' is revoked";
                }

                checkedOnce = true;
            }

            if (!checkedOnce)
            {
                return $"there is no valid revocation list of '{issuer.Subject}'";
            }
        }

        return null;
    }

    private bool VerifyNames(X509Certificate2 leaf)
    {
        if (config.SubjectNames.Count == 0 && requiredName is null)
        {
            return true;
        }

        IReadOnlyList<(SubjectNameKind Kind, string Name)> names = SubjectNames.Of(leaf);
        if (requiredName is not null && !names.Any(n => n.Kind switch
        {
            SubjectNameKind.Dns => SubjectNameMatcher.CoversDnsName(n.Name, requiredName),
            SubjectNameKind.IpAddress => n.Name == requiredName,
            _ => false,
        }))
        {
            return Refuse($"verify SAN list: the certificate is for {Text(names)}, not for '{requiredName}'");
        }

        return config.SubjectNames.Count == 0
            || names.Any(n => config.SubjectNames.Any(wanted => wanted.Matches(n.Kind, n.Name)))
            || Refuse($"verify SAN list: the certificate is for {Text(names)}, wanted is {string.Join(" or ", config.SubjectNames.Select(static n => n.Matcher.ToString()))}");
    }

    private static string Text(IReadOnlyList<(SubjectNameKind Kind, string Name)> names) => names.Count == 0 ? "no name" : string.Join(", ", names.Take(4).Select(static n => $"'{n.Name}'"));

    private static string Describe(X509Chain chain)
    {
        X509ChainStatusFlags flags = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain.ChainStatus)
        {
            flags |= status.Status;
        }

        return $"the certificate chain is not valid: {flags}";
    }

    private bool Refuse(string problem)
    {
        Problem = problem;
        return false;
    }
}
