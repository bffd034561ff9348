using System.Net;
using Waypoint.Grpc;
using Waypoint.Grpc.Client;
using Waypoint.Options;

namespace Waypoint.Agent;

/// <summary>How istiod is reached: address, TLS with the mounted root, bearer token, headers. The discovery stream and certificate requests differ in variables only.</summary>
internal static class IstiodAccess
{
    /// <summary>Name in istiod's certificate when it is reached by a loopback address, that is through a forwarded port.</summary>
    private const string WellKnownName = "istiod.istio-system.svc";

    private const int PlainTextPort = 15010;

    /// <summary>For discovery.</summary>
    /// <exception cref="OptionProblemException">The address cannot be used.</exception>
    public static GrpcChannelOptions Discovery(ContainerEnvironment environment, ProxyConfig config, NodeIdentity node, TokenFile token)
    {
        var address = Parse(config.DiscoveryAddress, "ProxyConfig field discoveryAddress");
        var roots = config.PlainTextDiscovery ? null : new RootCertificateFile(environment.RootCertificatePath(EnvironmentTable.XdsRootCa));
        return Build(address, roots, environment.Text(EnvironmentTable.IstiodSan), node, token, environment.Family(EnvironmentTable.XdsHeader));
    }

    /// <summary>For certificates.</summary>
    /// <exception cref="OptionProblemException">The address cannot be used.</exception>
    public static GrpcChannelOptions Certificates(ContainerEnvironment environment, ProxyConfig config, NodeIdentity node, TokenFile token)
    {
        var named = environment.Text(EnvironmentTable.CaAddress);
        var address = named is null ? Parse(config.DiscoveryAddress, "ProxyConfig field discoveryAddress") : Parse(named, EnvironmentTable.CaAddress.Name);
        var roots = address.Port == PlainTextPort ? null : new RootCertificateFile(environment.RootCertificatePath(EnvironmentTable.CaRootCa));
        // ISTIOD_SAN is about istiod; a certificate authority with an address of its own has its own name.
        return Build(address, roots, named is null ? environment.Text(EnvironmentTable.IstiodSan) : null, node, token, environment.Family(EnvironmentTable.CaHeader));
    }

    private static GrpcChannelOptions Build(HostAndPort address, RootCertificateFile? roots, string? expectedName, NodeIdentity node, TokenFile token,
        IEnumerable<KeyValuePair<string, string>> headers)
    {
        var metadata = new List<GrpcHeader>();
        if (node.ClusterId is { } cluster)
            metadata.Add(new GrpcHeader("clusterid", cluster));
        foreach (var (name, value) in headers)
            metadata.Add(new GrpcHeader(name.ToLowerInvariant(), value));
        return new GrpcChannelOptions
        {
            Address = IPAddress.TryParse(address.Host, out var ip) ? new IPEndPoint(ip, address.Port) : new DnsEndPoint(address.Host, address.Port),
            Tls = roots is null ? null : new GrpcTlsOptions
            {
                ServerName = expectedName ?? (address.IsLoopback ? WellKnownName : address.Host),
                Roots = roots.IsSystemBundle ? null : roots.Load,
            },
            BearerToken = _ => ValueTask.FromResult(token.Read()),
            Metadata = metadata,
        };
    }

    private static HostAndPort Parse(string text, string where) =>
        HostAndPort.TryParse(text, out var found) ? found : throw new OptionProblemException(where, text, HostAndPort.Accepted);
}
