namespace Waypoint.Xds.Ads;

/// <summary>Type URLs that a waypoint subscribes to, as they stand in <c>DeltaDiscoveryRequest.type_url</c>.</summary>
public static class XdsTypeUrls
{
    private const string Prefix = "type.googleapis.com/";

    /// <summary>CDS, wildcard.</summary>
    public const string Cluster = Prefix + "envoy.config.cluster.v3.Cluster";

    /// <summary>EDS, by cluster name.</summary>
    public const string ClusterLoadAssignment = Prefix + "envoy.config.endpoint.v3.ClusterLoadAssignment";

    /// <summary>LDS, wildcard.</summary>
    public const string Listener = Prefix + "envoy.config.listener.v3.Listener";

    /// <summary>RDS, by <c>route_config_name</c>.</summary>
    public const string RouteConfiguration = Prefix + "envoy.config.route.v3.RouteConfiguration";

    /// <summary>SDS over ADS, by secret name (<c>kubernetes://…</c>).</summary>
    public const string Secret = Prefix + "envoy.extensions.transport_sockets.tls.v3.Secret";

    /// <summary>ECDS, by extension name.</summary>
    public const string TypedExtensionConfig = Prefix + "envoy.config.core.v3.TypedExtensionConfig";

    /// <summary>WDS: all workloads of the mesh, wildcard.</summary>
    public const string Workload = Prefix + "istio.workload.Workload";

    /// <summary>The name people use for a type: CDS, EDS, LDS, RDS, SDS, ECDS, WDS; the URL without its prefix for any other.</summary>
    /// <param name="typeUrl">Full type URL.</param>
    public static string ShortName(string typeUrl)
    {
        ArgumentNullException.ThrowIfNull(typeUrl);
        return typeUrl switch
        {
            Cluster => "CDS",
            ClusterLoadAssignment => "EDS",
            Listener => "LDS",
            RouteConfiguration => "RDS",
            Secret => "SDS",
            TypedExtensionConfig => "ECDS",
            Workload => "WDS",
            _ => typeUrl.StartsWith(Prefix, StringComparison.Ordinal) ? typeUrl[Prefix.Length..] : typeUrl,
        };
    }

    /// <summary>Whether a subscription of this type without names means "everything" (CDS, LDS, WDS).</summary>
    /// <param name="typeUrl">Full type URL.</param>
    public static bool IsWildcard(string typeUrl) => typeUrl is Cluster or Listener or Workload;
}
