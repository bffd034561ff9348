using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Agent;

/// <summary>The root certificates that istiod is verified with. Read again for every new connection, so that a rotated root needs no restart.</summary>
internal sealed class RootCertificateFile(string path)
{
    /// <summary>The word that means the operating system's bundle.</summary>
    private const string SystemBundle = "SYSTEM";

    /// <summary>Where it is mounted, or <c>SYSTEM</c>.</summary>
    public string Path => path;

    /// <summary>The operating system's bundle instead of a file.</summary>
    public bool IsSystemBundle => path == SystemBundle;

    /// <summary>The certificates of the file. A certificate that cannot be read beside good ones is left out.</summary>
    /// <exception cref="IOException">The file cannot be read or holds no certificate: not fatal, the caller tries again later.</exception>
    public X509Certificate2Collection Load()
    {
        string pem;
        try
        {
            pem = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"root certificate {path} for istiod cannot be read: {error.Message}", error);
        }
        var found = Parse(pem);
        return found.Count > 0 ? found : throw new IOException($"root certificate {path} for istiod holds no certificate in PEM form");
    }

    /// <summary>The certificates of a PEM bundle that can be read.</summary>
    public static X509Certificate2Collection Parse(string pem)
    {
        var found = new X509Certificate2Collection();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is "CERTIFICATE")
            {
                try
                {
                    found.Add(X509Certificate2.CreateFromPem(rest[fields.Location]));
                }
                catch (CryptographicException)
                {
                    // One bad entry must not cost the whole bundle; an empty result is refused by the caller.
                }
            }
            rest = rest[fields.Location.End..];
        }
        return found;
    }
}
