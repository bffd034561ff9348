namespace Waypoint.Agent;

/// <summary>Signs certificate requests: istiod or what stands in for it.</summary>
internal interface ICertificateAuthority
{
    /// <summary>The chain in PEM form, leaf first, root last.</summary>
    /// <param name="requestPem">PKCS#10 in PEM form.</param>
    /// <param name="validity">Lifetime that is asked for.</param>
    /// <param name="cancellation">Shutdown.</param>
    /// <exception cref="CertificateRefusedException">It did not sign, for whatever reason; the caller tries again later.</exception>
    Task<IReadOnlyList<string>> SignAsync(string requestPem, TimeSpan validity, CancellationToken cancellation);
}
