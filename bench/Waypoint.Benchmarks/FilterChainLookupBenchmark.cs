using System.Net;
using BenchmarkDotNet.Attributes;
using Waypoint.Load.Mesh;
using Waypoint.Model.FilterChains;

namespace Waypoint.Benchmarks;

/// <summary>The filter chain of a tunnel among 618: paid once per tunnel.</summary>
public class FilterChainLookupBenchmark
{
    private const int Services = 206;

    private FilterChainTable _table = null!;
    private FilterChainQuery _first;
    private FilterChainQuery _last;
    private FilterChainQuery _unknown;

    [GlobalSetup]
    public void Setup()
    {
        using var session = new LoadedConfiguration(LoadedConfiguration.Shape(Services, routes: 1));
        _table = session.Chains;
        _first = Query(MeshShape.VirtualAddress(0));
        _last = Query(MeshShape.VirtualAddress(Services - 1));
        _unknown = Query("10.99.0.1");
        if (First().Outcome != FilterChainOutcome.Found || Last().Outcome != FilterChainOutcome.Found || Unknown().Outcome != FilterChainOutcome.None)
            throw new InvalidOperationException("The table answers otherwise than it should.");
    }

    [Benchmark(Baseline = true)]
    public FilterChainMatch First() => _table.Match(_first);

    [Benchmark]
    public FilterChainMatch Last() => _table.Match(_last);

    [Benchmark]
    public FilterChainMatch Unknown() => _table.Match(_unknown);

    private static FilterChainQuery Query(string address) => new() { DestinationAddress = IPAddress.Parse(address), DestinationPort = 80, Authority = address + ":80" };
}
