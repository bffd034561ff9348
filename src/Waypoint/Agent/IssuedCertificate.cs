namespace Waypoint.Agent;

/// <summary>A certificate that the authority signed for us.</summary>
/// <param name="KeyPem">Its private key.</param>
/// <param name="ChainPem">Leaf first, then intermediates, all in PEM form.</param>
/// <param name="RootsPem">The mesh's trust bundle.</param>
/// <param name="IssuedAt">When we got it, by our clock.</param>
/// <param name="NotAfter">End of its validity.</param>
internal sealed record IssuedCertificate(string KeyPem, string ChainPem, string RootsPem, DateTimeOffset IssuedAt, DateTimeOffset NotAfter);
