using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Hbone.Tls;
using Waypoint.Model.Clusters;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Upstream.Tls;

/// <summary>Turns references to certificates, roots and revocation lists into what a handshake needs, each parsed once per content. Thread-safe.</summary>
internal sealed class TlsMaterialStore(ActiveSnapshot snapshots, TlsIdentitySource workload, PemFiles files)
{
    /// <summary>Old contents are dropped all at once beyond this many; each is then parsed anew at its next use.</summary>
    private const int MaxEntries = 1024;

    private readonly ConcurrentDictionary<(string Chain, string Key), SslStreamCertificateContext> _certificates = new();
    private readonly ConcurrentDictionary<string, X509Certificate2Collection> _roots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<CertificateRevocationList>> _lists = new(StringComparer.Ordinal);

    /// <summary>The material for one handshake. Throws <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="CryptographicException"/> with a reason
    /// that names what is missing.</summary>
    public TlsMaterial For(UpstreamTlsConfig config)
    {
        TlsSecret? rootSecret = config.Roots is { Kind: TlsSecretKind.Discovered } named ? Secret(named) : null;
        IReadOnlyList<CertificateRevocationList>? lists = config.RevocationLists is { } reference ? Lists(Text(reference)) : null;
        if (rootSecret is { RevocationListsPem.Length: > 0 })
        {
            lists = [.. lists ?? [], .. Lists(rootSecret.RevocationListsPem)];
        }

        return new TlsMaterial(
            config.ClientCertificate is { } own ? Certificate(own) : null,
            CheckChain: config.Roots is not null,
            config.Roots is { Kind: not TlsSecretKind.System } roots ? Roots(roots, rootSecret) : null,
            lists);
    }

    private SslStreamCertificateContext Certificate(TlsSecretReference reference)
    {
        switch (reference.Kind)
        {
            case TlsSecretKind.Workload:
                return Workload().Context;
            case TlsSecretKind.Discovered:
                TlsSecret secret = Secret(reference);
                return Certificate(reference, secret.CertificatesPem, secret.PrivateKeyPem);
            case TlsSecretKind.Files:
                return Certificate(reference, files.Read(reference.Name), files.Read(reference.Key));
            default:
                return Certificate(reference, reference.Name, reference.Key);
        }
    }

    private SslStreamCertificateContext Certificate(TlsSecretReference reference, string chainPem, string keyPem)
    {
        if (_certificates.TryGetValue((chainPem, keyPem), out SslStreamCertificateContext? known))
        {
            return known;
        }

        X509Certificate2Collection chain = Parse(reference, chainPem);
        SslStreamCertificateContext made;
        try
        {
            X509Certificate2 leaf = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), keyPem);
            chain.RemoveAt(0);
            made = SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
        catch (Exception failure) when (failure is ArgumentException or CryptographicException)
        {
            throw new CryptographicException($"{reference}: the private key cannot be read or is not that of the first certificate", failure);
        }

        Bound(_certificates);
        return _certificates.GetOrAdd((chainPem, keyPem), made);
    }

    private X509Certificate2Collection Roots(TlsSecretReference reference, TlsSecret? secret)
    {
        if (reference.Kind == TlsSecretKind.Workload)
        {
            return Workload().Roots;
        }

        string pem = secret?.CertificatesPem ?? Text(reference);
        if (!_roots.TryGetValue(pem, out X509Certificate2Collection? known))
        {
            Bound(_roots);
            known = _roots.GetOrAdd(pem, Parse(reference, pem));
        }

        return known;
    }

    private IReadOnlyList<CertificateRevocationList> Lists(string pem)
    {
        if (!_lists.TryGetValue(pem, out IReadOnlyList<CertificateRevocationList>? known))
        {
            Bound(_lists);
            known = _lists.GetOrAdd(pem, CertificateRevocationList.ReadPem(pem));
        }

        return known;
    }

    private string Text(TlsSecretReference reference) => reference.Kind == TlsSecretKind.Files ? files.Read(reference.Name) : reference.Name;

    private TlsIdentity Workload() => workload.TryGet(out TlsIdentity? identity) ? identity : throw new CryptographicException("there is no workload certificate yet");

    private TlsSecret Secret(TlsSecretReference reference) =>
        snapshots.Current.Config.Secrets.TryGetValue(reference.Name, out TlsSecret? secret) ? secret : throw new CryptographicException($"{reference} has not been delivered");

    private static X509Certificate2Collection Parse(TlsSecretReference reference, string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates.Count > 0 ? certificates : throw new CryptographicException($"{reference}: there is no certificate in PEM form");
    }

    private static void Bound<TKey, TValue>(ConcurrentDictionary<TKey, TValue> entries)
        where TKey : notnull
    {
        if (entries.Count >= MaxEntries)
        {
            entries.Clear();
        }
    }
}
