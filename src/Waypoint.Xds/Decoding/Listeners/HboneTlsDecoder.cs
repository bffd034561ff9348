using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using Waypoint.Protos.Envoy.Type.Matcher.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>The TLS context of HBONE, either side: which trust domains a peer may have. Certificates, the root bundle and TLS 1.3 with ALPN h2 are what the tunnel layer
/// always uses, so everything that would ask for something else is refused.</summary>
internal static class HboneTlsDecoder
{
    private const string SchemePrefix = "spiffe://";

    /// <summary>Trust domains, or null when nothing restricts them.</summary>
    public static IReadOnlyList<string>? TrustDomains(CommonTlsContext? context, DecodeContext problems)
    {
        if (context is null)
        {
            problems.Refuse("common_tls_context", "it is absent");
            return [];
        }

        CheckParameters(context, problems);
        CertificateValidationContext? validation = context.ValidationContextTypeCase switch
        {
            CommonTlsContext.ValidationContextTypeOneofCase.CombinedValidationContext => context.CombinedValidationContext.DefaultValidationContext,
            CommonTlsContext.ValidationContextTypeOneofCase.ValidationContextSdsSecretConfig => null,
            _ => Refused(context, problems),
        };
        if (validation is null)
            return null;
        CheckValidation(validation, problems);
        return Prefixes(validation, problems);
    }

    private static CertificateValidationContext? Refused(CommonTlsContext context, DecodeContext problems)
    {
        problems.RefuseValue("validation_context_type", context.ValidationContextTypeCase.ToString(), "combined_validation_context with ROOTCA");
        return null;
    }

    private static void CheckParameters(CommonTlsContext context, DecodeContext problems)
    {
        if (context.TlsParams is not { } parameters)
            return;
        if (parameters.TlsMaximumProtocolVersion is not (TlsParameters.Types.TlsProtocol.TlsAuto or TlsParameters.Types.TlsProtocol.Tlsv13))
            problems.RefuseValue("tls_params.tls_maximum_protocol_version", parameters.TlsMaximumProtocolVersion.ToString(), "TLSv1_3");
        if (parameters.CompliancePolicies.Count > 0)
            problems.RefuseValue("tls_params.compliance_policies", parameters.CompliancePolicies[0].ToString(), "none");
        if (parameters.EcdhCurves.Count > 0)
            problems.RefuseValue("tls_params.ecdh_curves", string.Join(',', parameters.EcdhCurves), "none; the platform chooses");
        if (parameters.CipherSuites.Count > 0)
            problems.Ignore("tls_params.cipher_suites", "they do not apply to TLS 1.3");
    }

    private static void CheckValidation(CertificateValidationContext validation, DecodeContext problems)
    {
        if (validation.TrustChainVerification != CertificateValidationContext.Types.TrustChainVerification.VerifyTrustChain)
            problems.RefuseValue("trust_chain_verification", validation.TrustChainVerification.ToString(), "VERIFY_TRUST_CHAIN");
        if (validation.AllowExpiredCertificate)
            problems.RefuseValue("allow_expired_certificate", "true", "false");
        if (validation.VerifyCertificateHash.Count + validation.VerifyCertificateSpki.Count > 0)
            problems.Refuse("verify_certificate_hash", "pinned certificates are not implemented");
        if (validation.CustomValidatorConfig is not null)
            problems.RefuseValue("custom_validator_config", $"'{validation.CustomValidatorConfig.Name}'", "absent");
        if (validation.MatchSubjectAltNames.Count > 0)
            problems.RefuseValue("match_subject_alt_names", $"{validation.MatchSubjectAltNames.Count} entries", "none; match_typed_subject_alt_names decides");
        if (validation.Crl is not null)
            problems.RefuseValue("crl", "set", "absent");
    }

    private static List<string>? Prefixes(CertificateValidationContext validation, DecodeContext problems)
    {
        if (validation.MatchTypedSubjectAltNames.Count == 0)
            return null;

        var domains = new List<string>();
        var narrower = new List<string>();
        foreach (SubjectAltNameMatcher name in validation.MatchTypedSubjectAltNames)
        {
            string prefix = name.Matcher is { MatchPatternCase: StringMatcher.MatchPatternOneofCase.Prefix, IgnoreCase: false } matcher ? matcher.Prefix : "";
            int slash = prefix.IndexOf('/', Math.Min(SchemePrefix.Length, prefix.Length));
            if (name.SanType != SubjectAltNameMatcher.Types.SanType.Uri || !prefix.StartsWith(SchemePrefix, StringComparison.Ordinal) || slash <= SchemePrefix.Length)
                problems.RefuseValue("match_typed_subject_alt_names", $"{name.SanType} {name.Matcher?.MatchPatternCase} '{prefix}'", "URI with the prefix spiffe://<trust domain>/");
            else
                (slash == prefix.Length - 1 ? domains : narrower).Add(prefix[SchemePrefix.Length..slash]);
        }

        // Matchers are alternatives: one for a namespace says nothing new beside one for its whole trust domain, and is a restriction without it.
        foreach (string domain in narrower)
        {
            if (!domains.Contains(domain))
                problems.RefuseValue("match_typed_subject_alt_names", $"only a part of '{domain}'", "a whole trust domain");
        }

        return domains;
    }
}
