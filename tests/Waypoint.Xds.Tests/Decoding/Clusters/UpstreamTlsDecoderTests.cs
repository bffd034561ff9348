using Google.Protobuf;
using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Store;

namespace Waypoint.Xds.Tests.Decoding.Clusters;

/// <summary>TLS towards applications, and the PROXY header around it, as istiod sends them.</summary>
public sealed class UpstreamTlsDecoderTests
{
    private const string Tls = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext";

    [Fact]
    public void Decode_SimpleTlsOfADestinationRule_EveryFieldTheHandshakeReads()
    {
        UpstreamTlsConfig tls = Decode("""
            "sni": "rates.partner.example", "common_tls_context": {"alpn_protocols": ["h2"],
              "tls_params": {"tls_minimum_protocol_version": "TLSv1_2", "tls_maximum_protocol_version": "TLSv1_3", "cipher_suites": ["ECDHE-RSA-AES128-GCM-SHA256"]},
              "combined_validation_context": {
                "default_validation_context": {"match_subject_alt_names": [{"exact": "rates.partner.example"}], "crl": {"filename": "/etc/crl.pem"}},
                "validation_context_sds_secret_config": {"name": "file-root:/etc/ca.pem", "sds_config": {"api_config_source": {"api_type": "GRPC"}}}}}
            """).Tls!;

        Assert.Equal("rates.partner.example", tls.ServerName);
        Assert.Equal(new TlsSecretReference(TlsSecretKind.Files, "/etc/ca.pem"), tls.Roots);
        Assert.Equal(new TlsSecretReference(TlsSecretKind.Files, "/etc/crl.pem"), tls.RevocationLists);
        Assert.Null(tls.ClientCertificate);
        Assert.True(Assert.Single(tls.SubjectNames).Matches(SubjectNameKind.Dns, "rates.partner.example"));
        Assert.Equal(["h2"], tls.ApplicationProtocols);
        Assert.Equal([0xC02F], tls.CipherSuites);
        Assert.True(tls.AllowTls12 && tls.AllowTls13);
    }

    [Theory]
    [InlineData("file-cert:/a/c.pem~/a/k.pem", "api_config_source", TlsSecretKind.Files, "/a/c.pem", "/a/k.pem")]
    [InlineData("default", "api_config_source", TlsSecretKind.Workload, "", "")]
    [InlineData("kubernetes://credential", "ads", TlsSecretKind.Discovered, "kubernetes://credential", "")]
    public void Decode_ClientCertificate_FromWhereItsNameSays(string name, string source, TlsSecretKind kind, string expected, string key)
    {
        UpstreamTlsConfig tls = Decode($$$"""
            "common_tls_context": {"tls_certificate_sds_secret_configs": [{"name": "{{{name}}}", "sds_config": {"{{{source}}}": {} } } ] }
            """).Tls!;

        Assert.Equal(new TlsSecretReference(kind, expected, key), tls.ClientCertificate);
        Assert.Null(tls.Roots);
    }

    [Fact]
    public void Decode_SystemRoots_TheSystems() =>
        Assert.Equal(TlsSecretKind.System, Decode("""
            "common_tls_context": {"validation_context_sds_secret_config": {"name": "file-root:system"}}
            """).Tls!.Roots!.Kind);

    [Theory]
    [InlineData(""" "allow_renegotiation": true """, "allow_renegotiation")]
    [InlineData(""" "common_tls_context": {"tls_params": {"ecdh_curves": ["P-256"]}} """, "ecdh_curves")]
    [InlineData(""" "common_tls_context": {"tls_params": {"cipher_suites": ["NULL-SHA"]}} """, "'NULL-SHA'")]
    [InlineData(""" "common_tls_context": {"tls_params": {"tls_maximum_protocol_version": "TLSv1_1"}} """, "tls_maximum_protocol_version")]
    [InlineData(""" "common_tls_context": {"tls_params": {"tls_minimum_protocol_version": "TLSv1_3", "tls_maximum_protocol_version": "TLSv1_2"}} """, "tls_maximum_protocol_version")]
    [InlineData(""" "common_tls_context": {"tls_params": {"compliance_policies": ["FIPS_202205"]}} """, "compliance_policies")]
    [InlineData(""" "common_tls_context": {"validation_context": {"match_subject_alt_names": [{"exact": "a"}]}} """, "trusted_ca is required")]
    [InlineData(""" "common_tls_context": {"validation_context": {"trusted_ca": {"filename": "/a"}, "allow_expired_certificate": true}} """, "allow_expired_certificate")]
    [InlineData(""" "common_tls_context": {"validation_context": {"trusted_ca": {"filename": "/a"}, "verify_certificate_hash": ["x"]}} """, "verify_certificate_hash")]
    [InlineData(""" "common_tls_context": {"validation_context": {"trusted_ca": {"filename": "/a"}, "trust_chain_verification": "ACCEPT_UNTRUSTED"}} """, "trust_chain_verification")]
    [InlineData(""" "common_tls_context": {"validation_context_sds_secret_config": {"name": "sds://elsewhere", "sds_config": {"path": "/x"}}} """, "'sds://elsewhere'")]
    [InlineData(""" "common_tls_context": {"key_log": {"path": "/x"}} """, "key_log")]
    public void Decode_WhatTheHandshakeCannotHonour_RefusedByName(string fields, string expected)
    {
        Decoded<StoredCluster> decoded = Try(fields);

        Assert.Null(decoded.Value);
        Assert.Contains(decoded.Context.Problems, p => p.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("V1", ProxyProtocolVersion.V1)]
    [InlineData("V2", ProxyProtocolVersion.V2)]
    public void Decode_ProxyProtocolAroundTls_BothLayers(string version, ProxyProtocolVersion expected)
    {
        Decoded<StoredCluster> decoded = Cluster($$$"""
            {"name": "proxy", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport",
              "config": {"version": "{{{version}}}"}, "transport_socket": {"name": "tls", "typed_config": {"@type": "{{{Tls}}}", "sni": "a.example" } } } }
            """);

        TransportSocketChoice socket = Assert.Single(decoded.Value!.Config!.TransportSockets);
        Assert.Equal(expected, socket.ProxyProtocol);
        Assert.Equal("a.example", socket.Tls!.ServerName);
    }

    [Fact]
    public void Decode_SecretWithCertificateAndKey_BothTexts()
    {
        Decoded<TlsSecret> decoded = ResourceDecoder.Secret("kubernetes://c", Json.Parse<Secret>("""
            {"name": "kubernetes://c", "tls_certificate": {"certificate_chain": {"inline_string": "CHAIN"}, "private_key": {"inline_string": "KEY"}}}
            """).ToByteString());

        Assert.Equal(("CHAIN", "KEY"), (decoded.Value!.CertificatesPem, decoded.Value.PrivateKeyPem));
    }

    [Fact]
    public void Decode_SecretThatNamesAFile_Refused()
    {
        Decoded<TlsSecret> decoded = ResourceDecoder.Secret("kubernetes://c", Json.Parse<Secret>("""
            {"name": "kubernetes://c", "validation_context": {"trusted_ca": {"filename": "/etc/passwd"}}}
            """).ToByteString());

        Assert.Null(decoded.Value);
        Assert.Contains("/etc/passwd", Assert.Single(decoded.Context.Problems).Message, StringComparison.Ordinal);
    }

    private static TransportSocketChoice Decode(string fields)
    {
        Decoded<StoredCluster> decoded = Try(fields);
        Assert.Empty(decoded.Context.Problems);
        return Assert.Single(decoded.Value!.Config!.TransportSockets);
    }

    private static Decoded<StoredCluster> Try(string fields) => Cluster($$"""{"name": "tls", "typed_config": {"@type": "{{Tls}}", {{fields}} } }""");

    private static Decoded<StoredCluster> Cluster(string socket) =>
        ResourceDecoder.Cluster("c", Json.Parse<Cluster>($$"""{"name": "c", "type": "STATIC", "transport_socket": {{socket}} }""").ToByteString(), default);
}
