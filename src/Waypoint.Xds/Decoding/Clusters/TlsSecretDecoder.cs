using System.Text;
using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary>Names of secrets, and certificates in place, to <see cref="TlsSecretReference"/>. istiod names files and the workload's own certificate by fixed prefixes whatever
/// <c>sds_config</c> says, because its agent serves them; here they are taken from where the agent would have got them.</summary>
internal static class TlsSecretDecoder
{
    private const string FileCertificate = "file-cert:";
    private const string FileRoot = "file-root:";
    private const string Accepted = "default, ROOTCA, file-cert:CERT~KEY, file-root:PATH, or a name that comes over ADS";
    private static readonly TlsSecretReference Nothing = new(TlsSecretKind.Discovered);

    /// <summary>A secret by name.</summary>
    public static TlsSecretReference Named(SdsSecretConfig message, string field, DecodeContext context)
    {
        string name = message.Name;
        if (name is "default" or "ROOTCA" || name.StartsWith("builtin://", StringComparison.Ordinal))
            return new TlsSecretReference(TlsSecretKind.Workload);
        if (name.StartsWith(FileCertificate, StringComparison.Ordinal) && name.IndexOf('~', StringComparison.Ordinal) is var tilde && tilde > FileCertificate.Length && tilde < name.Length - 1)
            return new TlsSecretReference(TlsSecretKind.Files, name[FileCertificate.Length..tilde], name[(tilde + 1)..]);
        if (name == FileRoot + "system")
            return new TlsSecretReference(TlsSecretKind.System);
        if (name.StartsWith(FileRoot, StringComparison.Ordinal) && name.Length > FileRoot.Length)
            return new TlsSecretReference(TlsSecretKind.Files, name[FileRoot.Length..]);
        if (message.SdsConfig?.ConfigSourceSpecifierCase == ConfigSource.ConfigSourceSpecifierOneofCase.Ads && name.Length > 0)
            return new TlsSecretReference(TlsSecretKind.Discovered, name);
        context.RefuseValue(field, $"'{name}' from {message.SdsConfig?.ConfigSourceSpecifierCase.ToString() ?? "nowhere"}", Accepted);
        return Nothing;
    }

    /// <summary>A certificate with its key that stands in the configuration.</summary>
    public static TlsSecretReference Certificate(TlsCertificate message, string field, DecodeContext context)
    {
        using DecodeScope scope = context.Field(field);
        if (message.Pkcs12 is not null || message.PrivateKeyProvider is not null || message.Password is not null)
            context.RefuseValue("private_key", "PKCS#12, a key provider or a password", "certificate_chain and private_key in PEM form");
        TlsSecretReference? chain = Source(message.CertificateChain, "certificate_chain", context);
        TlsSecretReference? key = Source(message.PrivateKey, "private_key", context);
        if (chain is null || key is null)
            return Nothing;
        if (chain.Kind != key.Kind)
            context.RefuseValue("private_key", key.Kind.ToString(), $"as the certificate_chain: {chain.Kind}");
        return new TlsSecretReference(chain.Kind, chain.Name, key.Name);
    }

    /// <summary>The roots of a validation context; null if it has none.</summary>
    public static TlsSecretReference? Roots(CertificateValidationContext message, DecodeContext context)
    {
        if (message.SystemRootCerts is not null)
            return new TlsSecretReference(TlsSecretKind.System);
        return message.TrustedCa is null ? null : Source(message.TrustedCa, "trusted_ca", context);
    }

    /// <summary>A PEM text or a file with one; null, with a problem, for anything else.</summary>
    public static TlsSecretReference? Source(DataSource? message, string field, DecodeContext context)
    {
        switch (message?.SpecifierCase)
        {
            case DataSource.SpecifierOneofCase.Filename when message.Filename.Length > 0:
                return new TlsSecretReference(TlsSecretKind.Files, message.Filename);
            case DataSource.SpecifierOneofCase.InlineBytes when message.InlineBytes.Length > 0:
                return new TlsSecretReference(TlsSecretKind.Inline, Encoding.UTF8.GetString(message.InlineBytes.Span));
            case DataSource.SpecifierOneofCase.InlineString when message.InlineString.Length > 0:
                return new TlsSecretReference(TlsSecretKind.Inline, message.InlineString);
            default:
                context.RefuseValue(field, message?.SpecifierCase.ToString() ?? "absent", "filename, inline_bytes or inline_string");
                return null;
        }
    }

    /// <summary>A secret that came over ADS.</summary>
    public static TlsSecret Secret(Secret message, DecodeContext context)
    {
        var nothing = new TlsSecret { Name = message.Name, CertificatesPem = "" };
        switch (message.TypeCase)
        {
            case Protos.Envoy.Extensions.TransportSockets.Tls.V3.Secret.TypeOneofCase.TlsCertificate:
                TlsSecretReference certificate = Certificate(message.TlsCertificate, "tls_certificate", context);
                RequireInline(certificate, "tls_certificate", context);
                return nothing with { CertificatesPem = certificate.Name, PrivateKeyPem = certificate.Key };
            case Protos.Envoy.Extensions.TransportSockets.Tls.V3.Secret.TypeOneofCase.ValidationContext:
                using (context.Field("validation_context"))
                {
                    TlsSecretReference? roots = Source(message.ValidationContext.TrustedCa, "trusted_ca", context);
                    RequireInline(roots, "trusted_ca", context);
                    TlsSecretReference? lists = message.ValidationContext.Crl is { } crl ? Source(crl, "crl", context) : null;
                    RequireInline(lists, "crl", context);
                    return nothing with { CertificatesPem = roots?.Name ?? "", RevocationListsPem = lists?.Name ?? "" };
                }

            default:
                context.RefuseValue("type", message.TypeCase.ToString(), "tls_certificate or validation_context");
                return nothing;
        }
    }

    /// <summary>A path from afar would let the control plane read files of the container.</summary>
    private static void RequireInline(TlsSecretReference? reference, string field, DecodeContext context)
    {
        if (reference is { Kind: TlsSecretKind.Files })
            context.RefuseValue(field, $"file '{reference.Name}'", "inline_bytes or inline_string");
    }
}
