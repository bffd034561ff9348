using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Testing.Istiod;
using Waypoint.Xds.Ads;

namespace Waypoint.Xds.Tests.Ads;

/// <summary>A client that runs against a fake istiod until the test ends. Reconnects at once unless the test has its own clock.</summary>
internal sealed class RunningClient : IAsyncDisposable
{
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Task _running;

    public RunningClient(FakeIstiod istiod, ScriptedConsumer consumer, Func<AdsClientOptions, AdsClientOptions>? change = null)
    {
        var options = new AdsClientOptions
        {
            Node = new Node { Id = "waypoint~10.0.0.1~waypoint-0.shop~shop.svc.cluster.local" },
            Channel = istiod.ChannelOptions,
            Random = new FixedRandom(0),
        };
        Client = new AdsClient(change?.Invoke(options) ?? options, consumer, NullLogger<AdsClient>.Instance);
        _running = Client.RunAsync(_shutdown.Token);
    }

    public AdsClient Client { get; }

    public async Task StopAsync()
    {
        await _shutdown.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _shutdown.Dispose();
    }
}
