namespace Waypoint.ControlPlane.Certificates;

/// <summary>A workload's certificate with its key, all in PEM form.</summary>
/// <param name="CertificatePem">The leaf.</param>
/// <param name="PrivateKeyPem">Its key, PKCS#8.</param>
/// <param name="RootPem">The root that signed it.</param>
public sealed record IssuedCertificate(string CertificatePem, string PrivateKeyPem, string RootPem);
