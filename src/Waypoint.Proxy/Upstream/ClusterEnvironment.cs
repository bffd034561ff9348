using Microsoft.Extensions.Logging;

namespace Waypoint.Proxy.Upstream;

/// <summary>What every cluster's runtime needs from the proxy.</summary>
/// <param name="Handlers">Makes the pools of an endpoint.</param>
/// <param name="Time">The clock of ejections and warm-up.</param>
/// <param name="Logger">Where ejections are reported.</param>
internal sealed record ClusterEnvironment(UpstreamHandlerFactory Handlers, TimeProvider Time, ILogger<ClusterRuntime> Logger);
