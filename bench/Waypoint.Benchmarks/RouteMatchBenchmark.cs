using BenchmarkDotNet.Attributes;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Routes;

namespace Waypoint.Benchmarks;

/// <summary>The route of a request in a table of 1,000: the last one, after all others were tried, and an early one.</summary>
public class RouteMatchBenchmark
{
    private RouteTable _table = null!;

    [GlobalSetup]
    public void Setup()
    {
        using var session = new LoadedConfiguration(LoadedConfiguration.Shape(services: 1, routes: 1000));
        FilterChain chain = session.Chains.Chains["inbound-vip|80|http|target.load.svc.cluster.local"];
        _table = chain.Http!.Routes!;
        if (Last().Route?.Name != "default" || First().Route?.Name != "rule-1")
            throw new InvalidOperationException("The table answers otherwise than it should.");
    }

    [Benchmark(Baseline = true)]
    public RouteMatch First() => Match("/area-1/item?id=7", "rule-1");

    [Benchmark]
    public RouteMatch Last() => Match("/somewhere/else?id=7", "none");

    private RouteMatch Match(string path, string rule) => _table.Match(new RouteQuery<OneHeader>
    {
        Headers = new OneHeader("x-rule", rule),
        Method = "GET",
        Scheme = "http",
        Authority = "target.load.svc.cluster.local",
        Path = path,
    });
}
