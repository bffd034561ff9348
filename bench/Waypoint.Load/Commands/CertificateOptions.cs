using System.CommandLine;
using Waypoint.Hbone.Tls;

namespace Waypoint.Load.Commands;

/// <summary>Who a shim or client is.</summary>
internal static class CertificateOptions
{
    public static readonly Option<string> Certs = new("--certs") { Required = true, Description = "Folder of the certificates.", HelpName = "DIR" };
    public static readonly Option<string> As = new("--as") { DefaultValueFactory = _ => "client", Description = "Service account whose certificate is shown." };

    /// <summary>Reads what the options say.</summary>
    public static TlsIdentity Read(ParseResult parsed) => Read(parsed.GetRequiredValue(Certs), parsed.GetRequiredValue(As));

    /// <summary>Reads a certificate, its key and the root.</summary>
    public static TlsIdentity Read(string folder, string account) => TlsIdentity.FromPem(
        File.ReadAllText(Path.Combine(folder, account + ".pem")),
        File.ReadAllText(Path.Combine(folder, account + ".key")),
        File.ReadAllText(Path.Combine(folder, "ca.pem")),
        []);
}
