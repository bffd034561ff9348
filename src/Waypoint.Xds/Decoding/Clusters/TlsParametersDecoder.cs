using System.Collections.Frozen;
using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary><c>TlsParameters</c> of an upstream context: versions and cipher suites.</summary>
internal static class TlsParametersDecoder
{
    /// <summary>TLS 1.2 suites by the names that Envoy knows, with their IANA numbers. Suites of TLS 1.3 cannot be chosen, as in Envoy.</summary>
    private static readonly FrozenDictionary<string, ushort> Suites = new Dictionary<string, ushort>(StringComparer.Ordinal)
    {
        ["ECDHE-ECDSA-AES128-GCM-SHA256"] = 0xC02B,
        ["ECDHE-ECDSA-AES256-GCM-SHA384"] = 0xC02C,
        ["ECDHE-RSA-AES128-GCM-SHA256"] = 0xC02F,
        ["ECDHE-RSA-AES256-GCM-SHA384"] = 0xC030,
        ["ECDHE-RSA-CHACHA20-POLY1305"] = 0xCCA8,
        ["ECDHE-ECDSA-CHACHA20-POLY1305"] = 0xCCA9,
        ["ECDHE-ECDSA-AES128-SHA"] = 0xC009,
        ["ECDHE-ECDSA-AES256-SHA"] = 0xC00A,
        ["ECDHE-RSA-AES128-SHA"] = 0xC013,
        ["ECDHE-RSA-AES256-SHA"] = 0xC014,
        ["AES128-GCM-SHA256"] = 0x009C,
        ["AES256-GCM-SHA384"] = 0x009D,
        ["AES128-SHA"] = 0x002F,
        ["AES256-SHA"] = 0x0035,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary><paramref name="config"/> with the parameters; what cannot be honoured is refused.</summary>
    public static UpstreamTlsConfig Apply(TlsParameters? message, UpstreamTlsConfig config, DecodeContext context)
    {
        if (message is null)
            return config;
        using DecodeScope scope = context.Field("tls_params");
        TlsParameters.Types.TlsProtocol most = message.TlsMaximumProtocolVersion;
        bool below12 = most is TlsParameters.Types.TlsProtocol.Tlsv10 or TlsParameters.Types.TlsProtocol.Tlsv11;
        bool only13 = message.TlsMinimumProtocolVersion == TlsParameters.Types.TlsProtocol.Tlsv13;
        bool upTo12 = most == TlsParameters.Types.TlsProtocol.Tlsv12;
        // A minimum below 1.2 is a permission that is not used; a maximum below it leaves no version at all.
        if (below12 || (only13 && upTo12))
            context.RefuseValue("tls_maximum_protocol_version", most.ToString(), "TLSv1_2 or TLSv1_3, not below the minimum");
        if (message.EcdhCurves.Count > 0)
            context.RefuseValue("ecdh_curves", string.Join(',', message.EcdhCurves), "none; the platform chooses");
        if (message.SignatureAlgorithms.Count > 0)
            context.RefuseValue("signature_algorithms", string.Join(',', message.SignatureAlgorithms), "none; the platform chooses");
        if (message.CompliancePolicies.Count > 0)
            context.RefuseValue("compliance_policies", message.CompliancePolicies[0].ToString(), "none");
        return config with { AllowTls12 = !only13, AllowTls13 = !upTo12, CipherSuites = Ciphers(message, context) };
    }

    private static List<ushort> Ciphers(TlsParameters message, DecodeContext context)
    {
        var numbers = new List<ushort>(message.CipherSuites.Count);
        foreach (string sent in message.CipherSuites)
        {
            // "[A|B]" are suites of equal preference.
            foreach (string name in sent.Trim('[', ']').Split('|'))
            {
                if (Suites.TryGetValue(name, out ushort number))
                    numbers.Add(number);
                else
                    context.RefuseValue("cipher_suites", $"'{name}'", string.Join(", ", Suites.Keys.Order(StringComparer.Ordinal)));
            }
        }

        return numbers;
    }
}
