using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Proxy.Filters;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Upstream;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Snapshots;
using Waypoint.Xds.Store;

namespace Waypoint.Benchmarks;

/// <summary>What a large mesh costs: a recording in istiod's form goes through decoders, stores, snapshot and cluster runtimes in a fresh process, compilation included; then the
/// endpoints of one cluster change, again and again.</summary>
internal sealed class ScaleMeasurement(string folder) : IAdsSubscriptions
{
    private const int WarmChanges = 30;
    private const int Changes = 3000;

    private readonly ActiveSnapshot _active = new();

    public void Run(TextWriter output)
    {
        long heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        _active.UseHandlers(new UpstreamHandlerFactory(null!, null!, TimeProvider.System));
        _active.UseFilters(new FilterCatalog(() => _active.Current, TimeProvider.System, NullLoggerFactory.Instance));
        using var session = new ConfigurationSession(_active, new WorkloadStore(), TimeProvider.System, NullLogger<ConfigurationSession>.Instance);
        Load(session, heapBefore, output);

        RuntimeSnapshot snapshot = _active.Current;
        int endpoints = snapshot.Clusters.Values.Sum(static cluster => cluster.Assignment.Localities.Sum(static locality => locality.Endpoints.Count));
        Line(output, $"clusters {snapshot.Clusters.Count}, endpoints {endpoints}, filter chains {snapshot.Chains.Count}");
        MeasureChanges(session, snapshot, output);
        int used = snapshot.Clusters.Values.Sum(static cluster => cluster.State.Endpoints.Length);
        Line(output, $"heap once every cluster has had a request ({used} endpoints in use): {Grown(heapBefore):F1} MB more");
        GC.KeepAlive(session);
    }

    void IAdsSubscriptions.SetNames(string typeUrl, IReadOnlyCollection<string> names)
    {
    }

    void IAdsSubscriptions.Add(string typeUrl, IReadOnlyCollection<string> names)
    {
    }

    void IAdsSubscriptions.Remove(string typeUrl, IReadOnlyCollection<string> names)
    {
    }

    private void Load(ConfigurationSession session, long heapBefore, TextWriter output)
    {
        TimeSpan first = TimeSpan.Zero, cpu = TimeSpan.Zero, paused = GC.GetTotalPauseDuration();
        long input = 0, allocated = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.binpb").Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(file);
            long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
            long begun = Stopwatch.GetTimestamp();
            Apply(session, bytes);
            TimeSpan taken = Stopwatch.GetElapsedTime(begun);
            TimeSpan used = Environment.CpuUsage.TotalTime - cpuBefore;
            long made = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
            first += taken;
            cpu += used;
            allocated += made;
            input += bytes.Length;
            long size = bytes.Length;
            bytes = [];
            string name = Path.GetFileNameWithoutExtension(file);
            Line(output, $"{name}: {size / 1e6:F1} MB in {taken.TotalMilliseconds:F0} ms, CPU {used.TotalMilliseconds:F0} ms, allocated {made / 1e6:F1} MB; heap {Grown(heapBefore):F1} MB more");
        }

        paused = GC.GetTotalPauseDuration() - paused;
        Line(output, $"input {input / 1e6:F1} MB, allocated {allocated / 1e6:F1} MB, stopped for collections {paused.TotalMilliseconds:F0} ms, with those of the measurement itself");
        Line(output, $"first snapshot: {first.TotalMilliseconds:F0} ms (goal 2000), CPU {cpu.TotalMilliseconds:F0} ms, heap {Grown(heapBefore):F1} MB more (goal 100)");
    }

    private static double Grown(long before) => (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;

    /// <summary>A frame of its own: code that is not optimised yet keeps its temporaries alive, and one of them is the response, which nobody else holds.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Apply(ConfigurationSession session, byte[] bytes) => Apply(session, LoadedConfiguration.ToAds(DeltaDiscoveryResponse.Parser.ParseFrom(bytes)));

    private void Apply(ConfigurationSession session, AdsResponse response)
    {
        AdsVerdict verdict = session.ApplyAsync(response, this, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (!verdict.IsAck)
            throw new InvalidOperationException(verdict.Message);
    }

    /// <summary>One of four endpoints is replaced, each time in another cluster, which must then be live.</summary>
    private void MeasureChanges(ConfigurationSession session, RuntimeSnapshot snapshot, TextWriter output)
    {
        AdsResponse[] responses = Changed();
        var times = new (double Taken, double Paused)[responses.Length - WarmChanges];
        long allocated = 0;
        // In use, so that a change costs what it costs while requests run.
        foreach (AdsResponse response in responses)
            _ = snapshot.Clusters[response.Resources[0].Name].State;
        // Not the garbage of making the changes. A full collection would give memory back, and the next one would pay for getting it.
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        int collections = GC.CollectionCount(0);
        for (int i = 0; i < responses.Length; i++)
        {
            ClusterRuntime cluster = snapshot.Clusters[responses[i].Resources[0].Name];
            ClusterState before = cluster.State;
            TimeSpan paused = GC.GetTotalPauseDuration();
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            long begun = Stopwatch.GetTimestamp();
            Apply(session, responses[i]);
            TimeSpan taken = Stopwatch.GetElapsedTime(begun);
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            if (ReferenceEquals(before, cluster.State))
                throw new InvalidOperationException("The change is not live.");
            if (i < WarmChanges)
                continue;
            times[i - WarmChanges] = (taken.TotalMilliseconds, (GC.GetTotalPauseDuration() - paused).TotalMilliseconds);
            allocated += bytes;
        }

        Array.Sort(times);
        int n = times.Length;
        Line(output, $"one endpoint change, {n} times: median {times[n / 2].Taken:F3} ms, p99 {times[n * 99 / 100].Taken:F3} ms, worst {times[^1].Taken:F3} ms (goal 5), of which {times[^1].Paused:F3} ms collecting");
        Line(output, $"allocated per change: {allocated / n} bytes; collections meanwhile: {GC.CollectionCount(0) - collections}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private AdsResponse[] Changed() => [.. Directory.EnumerateFiles(folder, "*-eds.binpb").SelectMany(file => OneByOne(file, WarmChanges + Changes))];

    private static IEnumerable<AdsResponse> OneByOne(string file, int count)
    {
        var response = DeltaDiscoveryResponse.Parser.ParseFrom(File.ReadAllBytes(file));
        foreach (Resource resource in response.Resources.Where(static r => r.Name.Contains("other-", StringComparison.Ordinal)).Take(count))
        {
            var assignment = ClusterLoadAssignment.Parser.ParseFrom(resource.Resource_.Value);
            LbEndpoint changed = assignment.Endpoints[0].LbEndpoints[0];
            changed.Endpoint.Address.EnvoyInternalAddress.EndpointId = "127.70.0.1:8080";
            changed.Metadata.FilterMetadata.Remove("envoy.filters.listener.original_dst");
            yield return new AdsResponse(response.TypeUrl, "2", [new AdsResource(resource.Name, "2", resource.Resource_.TypeUrl, assignment.ToByteString())], []);
        }
    }

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
