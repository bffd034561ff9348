namespace Waypoint.Options;

/// <summary>All environment variables that the program reads; docs/options.md is generated from it. Names are those of istiod's pod template, so that the
/// container starts unchanged; only names with the prefix <c>WAYPOINT_</c> are our own.</summary>
internal static class EnvironmentTable
{
    public static readonly EnvironmentVariable PodName = new("POD_NAME", "none: required", "name of the pod", "Third part of the node id, metadata NAME.");
    public static readonly EnvironmentVariable PodNamespace = new("POD_NAMESPACE", "none: required", "namespace of the pod", "Node id, metadata NAMESPACE, identity in the certificate request.");
    public static readonly EnvironmentVariable InstanceIp = new("INSTANCE_IP", "addresses of the interfaces", "IP address", "Second part of the node id, first of metadata INSTANCE_IPS.");
    public static readonly EnvironmentVariable ServiceAccount = new("SERVICE_ACCOUNT", "none: required", "ServiceAccount of the pod", "Metadata SERVICE_ACCOUNT, identity in the certificate request.");
    public static readonly EnvironmentVariable TrustDomain = new("TRUST_DOMAIN", "cluster.local", "trust domain", "Identity in the certificate request.");
    public static readonly EnvironmentVariable CpuLimit = new("ISTIO_CPU_LIMIT", "unset", "whole cores", "Concurrency reported in PROXY_CONFIG when that does not say.");
    public static readonly EnvironmentVariable ProxyConfig = new("PROXY_CONFIG", "{}", "JSON or YAML of istio.mesh.v1alpha1.ProxyConfig", "discoveryAddress, drain durations, proxyMetadata; the pod annotation proxy.istio.io/config goes before it.");
    public static readonly EnvironmentVariable CaAddress = new("CA_ADDR", "PROXY_CONFIG.discoveryAddress", "HOST:PORT; port 15010 means plain text", "Where certificates are requested.");
    public static readonly EnvironmentVariable CertProvider = new("PILOT_CERT_PROVIDER", "istiod", "istiod, kubernetes, custom, none", "Which file holds the root certificate for istiod.");
    public static readonly EnvironmentVariable XdsRootCa = new("XDS_ROOT_CA", "by PILOT_CERT_PROVIDER", "path of a PEM file, or SYSTEM", "Root certificates that istiod's discovery service is verified with.");
    public static readonly EnvironmentVariable CaRootCa = new("CA_ROOT_CA", "by PILOT_CERT_PROVIDER", "path of a PEM file, or SYSTEM", "Root certificates that the certificate authority is verified with.");
    public static readonly EnvironmentVariable IstiodSan = new("ISTIOD_SAN", "host of the discovery address", "DNS name", "Name that istiod's certificate must carry.");
    public static readonly EnvironmentVariable SecretTtl = new("SECRET_TTL", "24h", "duration such as 24h or 90m", "Lifetime that is asked for in certificate requests.");
    public static readonly EnvironmentVariable GraceRatio = new("SECRET_GRACE_PERIOD_RATIO", "0.5", "0 to 1", "Part of a certificate's lifetime that is left when it is renewed.");
    public static readonly EnvironmentVariable GraceJitter = new("SECRET_GRACE_PERIOD_RATIO_JITTER", "0.01", "0 to 1", "Random part added to or taken from the ratio, so that pods do not renew together.");
    public static readonly EnvironmentVariable EccAlgorithm = new("ECC_SIGNATURE_ALGORITHM", "ECDSA, unless WORKLOAD_RSA_KEY_SIZE is set", "ECDSA", "Kind of the workload key.");
    public static readonly EnvironmentVariable EccCurve = new("ECC_CURVE", "P256", "P256, P384", "Curve of an ECDSA key.");
    public static readonly EnvironmentVariable RsaKeySize = new("WORKLOAD_RSA_KEY_SIZE", "unset: ECDSA P-256", "bits, at least 2048", "An RSA key of that size instead of an ECDSA key.");
    public static readonly EnvironmentVariable CertSigner = new("ISTIO_META_CERT_SIGNER", "empty", "name of a Kubernetes signer", "Metadata CertSigner of certificate requests.");
    public static readonly EnvironmentVariable CompliancePolicy = new("COMPLIANCE_POLICY", "unset: none", "unset only", "fips-140-2, fips-140-3 and pqc restrict key-exchange groups or TLS versions in ways that the runtime cannot: the program refuses to start and says why.");
    public static readonly EnvironmentVariable DrainExit = new("EXIT_ON_ZERO_ACTIVE_CONNECTIONS", "false", "true, false", "After SIGTERM wait until no tunnel is left (the pod's grace period is the limit) instead of terminationDrainDuration.");
    public static readonly EnvironmentVariable Metadata = new("ISTIO_META_*", "none", "text", "Node metadata of the name after the prefix.");
    public static readonly EnvironmentVariable MetadataJson = new("ISTIO_METAJSON_*", "none", "JSON object", "Node metadata merged at the top level; ISTIO_METAJSON_LABELS gives STATIC_LABELS.");
    public static readonly EnvironmentVariable XdsHeader = new("XDS_HEADER_*", "none", "text", "Header of the name after the prefix on discovery streams.");
    public static readonly EnvironmentVariable CaHeader = new("CA_HEADER_*", "none", "text", "Header of the name after the prefix on certificate requests.");
    public static readonly EnvironmentVariable RootDirectory = new("WAYPOINT_ROOT_DIR", "/", "path of a folder", "What stands for / of the container: token, root certificate and pod information are looked for below it.");
    public static readonly EnvironmentVariable Bind = new("WAYPOINT_BIND", "all addresses", "comma-separated IP addresses", "Addresses to listen on with 15008 and 15021, for several waypoints on one host.");
    public static readonly EnvironmentVariable NameServers = new("WAYPOINT_DNS_SERVER", "those of /etc/resolv.conf, after /etc/hosts", "IP:PORT, several separated by commas", "Name servers for clusters whose endpoints are names.");
    public static readonly EnvironmentVariable FileMap = new("WAYPOINT_FILE_MAP", "unset: none", "PREFIX=FOLDER, several separated by commas", "Folders to read certificate files from instead of those that the configuration names.");
    public static readonly EnvironmentVariable AccessJson = new("WAYPOINT_ACCESS_JSONL", "unset: none", "path of a file", "Also writes every access-log record there as one JSON object per line, for tests.");

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<EnvironmentVariable> All { get; } =
    [
        PodName, PodNamespace, InstanceIp, ServiceAccount, TrustDomain, CpuLimit, ProxyConfig, CaAddress, CertProvider, XdsRootCa, CaRootCa, IstiodSan,
        SecretTtl, GraceRatio, GraceJitter, EccAlgorithm, EccCurve, RsaKeySize, CertSigner, CompliancePolicy, DrainExit, Metadata, MetadataJson, XdsHeader, CaHeader,
        RootDirectory, Bind, NameServers, FileMap, AccessJson,
    ];
}
