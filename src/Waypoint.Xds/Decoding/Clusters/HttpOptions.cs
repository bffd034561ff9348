using Waypoint.Model.Clusters;
using Waypoint.Model.FilterChains;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary>What a cluster says about HTTP towards its endpoints.</summary>
internal readonly record struct HttpOptions(
    UpstreamHttpVersion Version, TimeSpan IdleTimeout, uint MaxRequestsPerConnection, bool PreserveHeaderCase, Http1Config Http1, ConnectionSettings Connections);
