using System.Net;
using Waypoint.Model.Failures;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>What is left to do when a cluster has nobody to pick and that may only mean that a name is not resolved yet: wait for its first answer, or resolve the request's host.
/// Only requests to that very cluster wait.</summary>
internal static class HostResolution
{
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    /// <summary>Whether names have to do with it.</summary>
    public static bool Concerns(ClusterRuntime cluster, ClusterState state) => state.Config.DynamicForward is not null || !cluster.NamesAnswered.IsCompleted;

    /// <summary>An acquired endpoint, or null with the reason; null without one if there is still nobody.</summary>
    /// <param name="cluster">Where to.</param>
    /// <param name="state">Its state.</param>
    /// <param name="authority">The request's host with an optional port.</param>
    /// <param name="dialled">What the client dialled.</param>
    /// <param name="cancellation">Client gone.</param>
    public static async ValueTask<(EndpointRuntime? Endpoint, FailureReason Failure)> AcquireAsync(
        ClusterRuntime cluster, ClusterState state, string? authority, IPEndPoint? dialled, CancellationToken cancellation)
    {
        if (state.Config.DynamicForward is { } settings)
        {
            int port = state.Config.TransportSockets[^1].Tls is null ? HttpPort : HttpsPort;
            return HostPort.TryParse(authority, port, out HostPort host)
                ? await cluster.DynamicHosts.AcquireAsync(state.Config, settings, host, cancellation).ConfigureAwait(false)
                : (null, FailureReason.DnsResolutionFailed);
        }

        await cluster.NamesAnswered.WaitAsync(state.Config.ConnectTimeout, cluster.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return (EndpointPicker.Pick(cluster, null, dialled, out _), FailureReason.None);
    }
}
