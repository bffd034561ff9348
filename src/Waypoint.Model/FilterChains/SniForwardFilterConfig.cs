namespace Waypoint.Model.FilterChains;

/// <summary><c>envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig</c>: the chain's cluster, a dynamic forward proxy, leads to the host that the TLS client
/// asks for.</summary>
/// <param name="Name"><c>Filter.name</c>.</param>
/// <param name="Port"><c>port_value</c>: the port that is dialled there; 443 if absent.</param>
public sealed record SniForwardFilterConfig(string Name, int Port) : NetworkFilterConfig(Name);
