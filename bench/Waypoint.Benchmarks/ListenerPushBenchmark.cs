using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Waypoint.Load.Mesh;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Xds.Ads;

namespace Waypoint.Benchmarks;

/// <summary>istiod sends the whole <c>main_internal</c> (618 chains) for every change: once with nothing changed, once with the routes of one chain changed.</summary>
#pragma warning disable CA1001 // the harness calls the cleanup; it takes no sealed class, and a class that can be derived from would need more than it has to say
public class ListenerPushBenchmark
#pragma warning restore CA1001
{
    private const int Services = 206;

    private LoadedConfiguration _configuration = null!;
    private AdsResponse _same = null!;
    private AdsResponse _changed = null!;
    private bool _turn;

    [GlobalSetup]
    public void Setup()
    {
        var mesh = LoadedConfiguration.Shape(Services, routes: 5);
        _configuration = new LoadedConfiguration(mesh);
        var response = MeshResponses.Listeners(mesh);
        _same = LoadedConfiguration.ToAds(response);
        var listener = response.Resources.Single(static resource => resource.Name == "main_internal");
        var main = Listener.Parser.ParseFrom(listener.Resource_.Value);
        // The chain of another port under this name: other bytes, and nothing else changes.
        var filters = main.FilterChains[0].Filters.Clone();
        main.FilterChains[0].Filters.Clear();
        main.FilterChains[0].Filters.Add(main.FilterChains[3].Filters);
        if (filters.Equals(main.FilterChains[0].Filters))
            throw new InvalidOperationException("The two services have the same chain.");
        listener.Resource_.Value = main.ToByteString();
        _changed = LoadedConfiguration.ToAds(response);
        long before = _configuration.DecodedChains;
        Unchanged();
        OneChain();
        if (_configuration.DecodedChains != before + 1)
            throw new InvalidOperationException($"{_configuration.DecodedChains - before} chains were decoded for one that changed.");
    }

    [Benchmark(Baseline = true)]
    public void Unchanged() => _configuration.Apply(_same);

    [Benchmark]
    public void OneChain() => _configuration.Apply((_turn = !_turn) ? _changed : _same);

    [GlobalCleanup]
    public void Cleanup() => _configuration.Dispose();
}
