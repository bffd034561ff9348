using Google.Protobuf.Collections;
using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using Waypoint.Xds.Decoding.Matching;
using StringMatcherMessage = Waypoint.Protos.Envoy.Type.Matcher.V3.StringMatcher;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary><c>UpstreamTlsContext</c> to <see cref="UpstreamTlsConfig"/>. What the platform's TLS cannot do as asked is refused by name: a connection that is protected in another
/// way than configured is worse than none.</summary>
internal static class UpstreamTlsDecoder
{
    /// <summary>Decodes the current message; problems go to <paramref name="context"/>, and then the result must not be used.</summary>
    public static UpstreamTlsConfig Decode(UpstreamTlsContext message, DecodeContext context)
    {
        using DecodeScope scope = context.Field("typed_config");
        if (message.AllowRenegotiation)
            context.RefuseValue("allow_renegotiation", "true", "false");
        if (message.MaxSessionKeys is > 0)
            context.Ignore("max_session_keys", "sessions are not resumed");
        if (message.EnforceRsaKeyUsage is false)
            context.RefuseValue("enforce_rsa_key_usage", "false", "true or absent");
        var config = new UpstreamTlsConfig
        {
            ServerName = message.Sni,
            ServerNameFromHost = message.AutoHostSni,
            ValidateServerName = message.AutoSniSanValidation,
        };
        if (message.CommonTlsContext is not { } common)
        {
            return config;
        }

        using DecodeScope inner = context.Field("common_tls_context");
        RefuseWhatIsNotDone(common, context);
        config = TlsParametersDecoder.Apply(common.TlsParams, config, context);
        return Validation(common, config with
        {
            ApplicationProtocols = [.. common.AlpnProtocols],
            ClientCertificate = OwnCertificate(common, context),
        }, context);
    }

    private static void RefuseWhatIsNotDone(CommonTlsContext common, DecodeContext context)
    {
        if (common.TlsCertificateProviderInstance is not null || common.TlsCertificateCertificateProvider is not null || common.TlsCertificateCertificateProviderInstance is not null)
            context.RefuseValue("tls_certificate_provider_instance", "set", "tls_certificates or tls_certificate_sds_secret_configs");
        if (common.CustomHandshaker is not null)
            context.RefuseValue("custom_handshaker", $"'{common.CustomHandshaker.Name}'", "absent");
        if (common.CustomTlsCertificateSelector is not null)
            context.RefuseValue("custom_tls_certificate_selector", $"'{common.CustomTlsCertificateSelector.Name}'", "absent");
        if (common.KeyLog is not null)
            context.RefuseValue("key_log", "set", "absent; keys are never written down");
    }

    private static TlsSecretReference? OwnCertificate(CommonTlsContext common, DecodeContext context)
    {
        int count = common.TlsCertificates.Count + common.TlsCertificateSdsSecretConfigs.Count;
        if (count > 1)
            context.RefuseValue("tls_certificates", $"{count} certificates", "one");
        if (common.TlsCertificateSdsSecretConfigs is [{ } named, ..])
            return TlsSecretDecoder.Named(named, "tls_certificate_sds_secret_configs", context);
        return common.TlsCertificates is [{ } certificate, ..] ? TlsSecretDecoder.Certificate(certificate, "tls_certificates", context) : null;
    }

    private static UpstreamTlsConfig Validation(CommonTlsContext common, UpstreamTlsConfig config, DecodeContext context)
    {
        switch (common.ValidationContextTypeCase)
        {
            case CommonTlsContext.ValidationContextTypeOneofCase.None:
                return config;
            case CommonTlsContext.ValidationContextTypeOneofCase.ValidationContext:
                using (context.Field("validation_context"))
                    return Checks(common.ValidationContext, config with { Roots = TlsSecretDecoder.Roots(common.ValidationContext, context) }, context);
            case CommonTlsContext.ValidationContextTypeOneofCase.ValidationContextSdsSecretConfig:
                return config with { Roots = TlsSecretDecoder.Named(common.ValidationContextSdsSecretConfig, "validation_context_sds_secret_config", context) };
            case CommonTlsContext.ValidationContextTypeOneofCase.CombinedValidationContext:
                CommonTlsContext.Types.CombinedCertificateValidationContext combined = common.CombinedValidationContext;
                using (context.Field("combined_validation_context"))
                {
                    if (combined.ValidationContextSdsSecretConfig is not { } named)
                    {
                        context.RefuseValue("validation_context_sds_secret_config", "absent", "a secret with the roots");
                        return config;
                    }

                    UpstreamTlsConfig rooted = config with { Roots = TlsSecretDecoder.Named(named, "validation_context_sds_secret_config", context) };
                    using DecodeScope defaults = context.Field("default_validation_context");
                    if (combined.DefaultValidationContext?.TrustedCa is not null)
                        context.RefuseValue("trusted_ca", "set", "absent; the secret has the roots");
                    return combined.DefaultValidationContext is { } inline ? Checks(inline, rooted, context) : rooted;
                }

            default:
                context.RefuseValue("validation_context_type", common.ValidationContextTypeCase.ToString(), "validation_context, validation_context_sds_secret_config or combined_validation_context");
                return config;
        }
    }

    private static UpstreamTlsConfig Checks(CertificateValidationContext message, UpstreamTlsConfig config, DecodeContext context)
    {
        RefusePins(message, context);
        List<SubjectNameMatcher> names = [.. Typed(message.MatchTypedSubjectAltNames, context), .. Untyped(message.MatchSubjectAltNames, context)];
        if (names.Count > 0 && config.Roots is null)
            context.Refuse("match_typed_subject_alt_names", "names mean nothing in a certificate that nobody vouches for; trusted_ca is required");
        if (message.Crl is not null && config.Roots is null)
            context.Refuse("crl", "it needs trusted_ca");
        return config with
        {
            SubjectNames = names,
            RevocationLists = message.Crl is { } crl ? TlsSecretDecoder.Source(crl, "crl", context) : null,
            RevocationOfLeafOnly = message.OnlyVerifyLeafCertCrl,
        };
    }

    private static void RefusePins(CertificateValidationContext message, DecodeContext context)
    {
        if (message.TrustChainVerification != CertificateValidationContext.Types.TrustChainVerification.VerifyTrustChain)
            context.RefuseValue("trust_chain_verification", message.TrustChainVerification.ToString(), "VERIFY_TRUST_CHAIN");
        if (message.AllowExpiredCertificate)
            context.RefuseValue("allow_expired_certificate", "true", "false");
        if (message.VerifyCertificateHash.Count > 0)
            context.Refuse("verify_certificate_hash", "pinned certificates are not implemented");
        if (message.VerifyCertificateSpki.Count > 0)
            context.Refuse("verify_certificate_spki", "pinned keys are not implemented");
        if (message.RequireSignedCertificateTimestamp is true)
            context.RefuseValue("require_signed_certificate_timestamp", "true", "false");
        if (message.CustomValidatorConfig is not null)
            context.RefuseValue("custom_validator_config", $"'{message.CustomValidatorConfig.Name}'", "absent");
        if (message.CaCertificateProviderInstance is not null)
            context.RefuseValue("ca_certificate_provider_instance", "set", "trusted_ca or a secret");
        if (message.MaxVerifyDepth is not null)
            context.RefuseValue("max_verify_depth", message.MaxVerifyDepth.ToString()!, "absent");
    }

    private static IEnumerable<SubjectNameMatcher> Typed(RepeatedField<SubjectAltNameMatcher> messages, DecodeContext context)
    {
        foreach (SubjectAltNameMatcher message in messages)
        {
            SubjectNameKind kind = SubjectNameKind.Any;
            switch (message.SanType)
            {
                case SubjectAltNameMatcher.Types.SanType.Dns:
                    kind = SubjectNameKind.Dns;
                    break;
                case SubjectAltNameMatcher.Types.SanType.Uri:
                    kind = SubjectNameKind.Uri;
                    break;
                case SubjectAltNameMatcher.Types.SanType.IpAddress:
                    kind = SubjectNameKind.IpAddress;
                    break;
                case SubjectAltNameMatcher.Types.SanType.Email:
                    kind = SubjectNameKind.Email;
                    break;
                default:
                    context.RefuseValue("match_typed_subject_alt_names.san_type", message.SanType.ToString(), "DNS, URI, IP_ADDRESS or EMAIL");
                    break;
            }

            yield return new SubjectNameMatcher(kind, StringMatcherDecoder.Decode(message.Matcher, "match_typed_subject_alt_names.matcher", context), Exact(message.Matcher));
        }
    }

    private static IEnumerable<SubjectNameMatcher> Untyped(RepeatedField<StringMatcherMessage> messages, DecodeContext context)
    {
        foreach (StringMatcherMessage message in messages)
            yield return new SubjectNameMatcher(SubjectNameKind.Any, StringMatcherDecoder.Decode(message, "match_subject_alt_names", context), Exact(message));
    }

    private static string? Exact(StringMatcherMessage? message) =>
        message is { MatchPatternCase: StringMatcherMessage.MatchPatternOneofCase.Exact } ? message.Exact : null;
}
