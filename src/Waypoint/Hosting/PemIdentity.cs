using System.Security.Cryptography;
using Waypoint.Hbone.Tls;
using Waypoint.Options;

namespace Waypoint.Hosting;

/// <summary>Certificates that a user named on the command line.</summary>
internal static class PemIdentity
{
    /// <exception cref="OptionProblemException">They cannot be used; the message says why.</exception>
    public static TlsIdentity Load(string certificatePem, string keyPem, string rootsPem)
    {
        try
        {
            return TlsIdentity.FromPem(certificatePem, keyPem, rootsPem, []);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new OptionProblemException("--cert, --key and --ca", error.Message, "a certificate chain with a SPIFFE identity, its key and the roots, all PEM");
        }
    }
}
