using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Waypoint.Agent;
using Waypoint.Grpc.Client;
using Waypoint.Hbone.Tls;
using Waypoint.Options;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Proxy;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Snapshots;
using Waypoint.Xds.Store;

namespace Waypoint.Hosting;

/// <summary>The whole waypoint, wired: ADS stream, configuration, data plane. Where the configuration and the certificate come from is the caller's business, so that a
/// container, a replay and the demo run the same code.</summary>
internal sealed class WaypointHost : IAsyncDisposable
{
    private readonly ProxyServer _proxy;
    private readonly AdsClient _discovery;
    private readonly ConfigurationSession _session;
    private readonly IdentityPublisher _identity;
    private readonly Readiness _readiness;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _stream = Task.CompletedTask;

    /// <param name="options">Where to listen, how long to drain.</param>
    /// <param name="node">Who we are towards the control plane.</param>
    /// <param name="channel">How the control plane is reached.</param>
    /// <param name="certificates">Our TLS identity, which <paramref name="identity"/> updates.</param>
    /// <param name="identity">Waits for the first certificate; learns the accepted trust domains.</param>
    /// <param name="readiness">Learns what has been reached.</param>
    /// <param name="loggers">For every part.</param>
    public WaypointHost(ProxyOptions options, Node node, GrpcChannelOptions channel, TlsIdentitySource certificates, IdentityPublisher identity, Readiness readiness, ILoggerFactory loggers)
    {
        _identity = identity;
        _readiness = readiness;
        // From the data plane back to the source: each part publishes into the one before it.
        var workloads = new WorkloadStore();
        _proxy = new ProxyServer(options, certificates, workloads, loggers, TimeProvider.System);
        _session = new ConfigurationSession(new HostSink(_proxy.Snapshots, identity), workloads, TimeProvider.System, loggers.CreateLogger<ConfigurationSession>());
        _discovery = new AdsClient(new AdsClientOptions { Node = node, Channel = channel }, _session, loggers.CreateLogger<AdsClient>());
    }

    /// <summary>Completes when 15008 is open; never if the end comes first.</summary>
    public Task Listening => _listening.Task;

    /// <summary>Runs from the first subscription to the end of the drain.</summary>
    /// <param name="shutdown">The process was told to end.</param>
    public async Task RunAsync(CancellationToken shutdown)
    {
        _stream = _discovery.RunAsync(_stop.Token);
        try
        {
            // Both go on at the same time; the port opens when the later one is there, because a ztunnel that is refused tries elsewhere, but one that is answered 503 does not.
            await Task.WhenAll(_identity.FirstIdentity, ConfiguredAsync()).WaitAsync(shutdown);
        }
        catch (OperationCanceledException)
        {
            _readiness.DrainBegun();
            return;
        }
        await StartProxyAsync(shutdown);
        _readiness.ListenersBound();
        _listening.TrySetResult();
        await shutdown.WhenCancelledAsync();
        _readiness.DrainBegun();
        await _proxy.DrainAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _stream;
        await _proxy.DisposeAsync();
        _session.Dispose();
        _stop.Dispose();
    }

    private async Task ConfiguredAsync()
    {
        await _session.Configured;
        _readiness.ConfigurationApplied();
    }

    private async Task StartProxyAsync(CancellationToken shutdown)
    {
        try
        {
            await _proxy.StartAsync(shutdown);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new OptionProblemException("port 15008 (HBONE)", error.Message, "a free port on every address to listen on", "Is another waypoint running here? Bind each to addresses of its own.");
        }
    }
}
