using System.Net;
using BenchmarkDotNet.Attributes;
using Waypoint.Model.Edge;
using Waypoint.Model.Headers;

namespace Waypoint.Benchmarks;

/// <summary>What happens to the headers of every request: hygiene, and a route's edits with literal values or with one made of the request. Only the rendered value may be allocated.</summary>
[MemoryDiagnoser]
public class HeaderBenchmark
{
    private readonly EdgeConfig _edge = new();
    private readonly EdgeConnection _connection = new(IPAddress.Parse("10.244.1.101"), 80, IsTls: false);
    private readonly OneHeaderValues _values = new("x-tenant", "blue");
    private readonly HeaderEdits _literals = new(["x-debug", "x-internal"], [Literal("x-a"), Literal("x-b"), Literal("x-c")]);
    private HeaderEdits _formatted = null!;

    [GlobalSetup]
    public void Setup()
    {
        if (!HeaderFormat.TryParse("tenant=%REQ(x-tenant)%", out HeaderFormat? format, out string? problem) || format.Render(_values) != "tenant=blue")
            throw new InvalidOperationException(problem ?? "The value is rendered otherwise than it should.");
        _formatted = new HeaderEdits([], [new HeaderAddition("x-route", format, HeaderAppendAction.OverwriteIfExistsOrAdd, false)]);
        if (Hygiene().IsInternal)
            throw new InvalidOperationException("A stranger counts as internal.");
    }

    [Benchmark(Baseline = true)]
    public EdgeResult Hygiene()
    {
        var headers = new OneFixedHeader("x-request-id", "6f7e1d6c-3c0b-4c43-9c0e-0d6a4c2b9f10");
        return RequestEdge.Apply(ref headers, _edge, _connection, static () => throw new InvalidOperationException("There is an identifier."));
    }

    [Benchmark]
    public void RouteEditsWithLiterals() => Apply(_literals);

    [Benchmark]
    public void RouteEditsWithAHeaderOfTheRequest() => Apply(_formatted);

    private static HeaderAddition Literal(string name) => new(name, HeaderFormat.Literal("value"), HeaderAppendAction.OverwriteIfExistsOrAdd, false);

    private void Apply(HeaderEdits edits)
    {
        var headers = new OneFixedHeader("x-tenant", "blue");
        edits.Apply(ref headers, _values);
    }
}
