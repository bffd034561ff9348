using System.Security.Cryptography;
using Waypoint.Hbone.Tls;

namespace Waypoint.Agent;

/// <summary>Brings the two halves of our TLS identity together: certificates come from the authority, accepted trust domains from the configuration, each at its own
/// time. Thread-safe.</summary>
internal sealed class IdentityPublisher(TlsIdentitySource source, Readiness readiness)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Until the configuration speaks: our own trust domain only.
    private IReadOnlyList<string>? _trustDomains = [];
    private IReadOnlyList<CertificateRevocationList> _revocationLists = [];

    /// <summary>Completes with the first certificate.</summary>
    public Task FirstIdentity => _first.Task;

    /// <summary>New handshakes use this certificate from now on.</summary>
    /// <exception cref="CertificateRefusedException">The chain, the key or the roots cannot be used.</exception>
    public void Install(string chainPem, string keyPem, string rootsPem)
    {
        lock (_gate)
        {
            try
            {
                source.Update(TlsIdentity.FromPem(chainPem, keyPem, rootsPem, _trustDomains).WithRevocationLists(_revocationLists));
            }
            catch (Exception error) when (error is CryptographicException or ArgumentException)
            {
                throw new CertificateRefusedException($"the certificate cannot be used: {error.Message}", error);
            }
        }
        readiness.CertificatePresent();
        _first.TrySetResult();
    }

    /// <summary>Identities of these trust domains may connect; null: of all.</summary>
    public void Accept(IReadOnlyList<string>? trustDomains)
    {
        lock (_gate)
        {
            if (_trustDomains is null ? trustDomains is null : trustDomains is not null && _trustDomains.SequenceEqual(trustDomains))
                return;
            _trustDomains = trustDomains;
            if (source.TryGet(out var current))
                source.Update(current.WithAcceptedTrustDomains(trustDomains));
        }
    }

    /// <summary>Certificates on these lists are refused in handshakes from now on.</summary>
    public void Revoke(IReadOnlyList<CertificateRevocationList> lists)
    {
        lock (_gate)
        {
            _revocationLists = lists;
            if (source.TryGet(out var current))
                source.Update(current.WithRevocationLists(lists));
        }
    }
}
