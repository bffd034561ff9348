using System.Diagnostics;
using System.Globalization;
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
    private const int Changes = 300;

    private readonly ActiveSnapshot _active = new();

    public void Run(TextWriter output)
    {
        long heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        _active.UseHandlers(new UpstreamHandlerFactory(null!, null!, TimeProvider.System));
        _active.UseFilters(new FilterCatalog(() => _active.Current, TimeProvider.System, NullLoggerFactory.Instance));
        using var session = new ConfigurationSession(_active, new WorkloadStore(), TimeProvider.System, NullLogger<ConfigurationSession>.Instance);
        TimeSpan first = TimeSpan.Zero;
        TimeSpan firstCpu = TimeSpan.Zero;
        long inputBytes = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.binpb").Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(file);
            inputBytes += bytes.Length;
            TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
            long begun = Stopwatch.GetTimestamp();
            Apply(session, LoadedConfiguration.ToAds(DeltaDiscoveryResponse.Parser.ParseFrom(bytes)));
            TimeSpan taken = Stopwatch.GetElapsedTime(begun);
            TimeSpan cpu = Environment.CpuUsage.TotalTime - cpuBefore;
            first += taken;
            firstCpu += cpu;
            long size = bytes.Length;
            bytes = [];
            long grown = GC.GetTotalMemory(forceFullCollection: true) - heapBefore;
            Line(output, $"{Path.GetFileNameWithoutExtension(file)}: {size / 1e6:F1} MB in {taken.TotalMilliseconds:F0} ms, CPU {cpu.TotalMilliseconds:F0} ms; heap {grown / 1e6:F1} MB more");
        }

        RuntimeSnapshot snapshot = _active.Current;
        int endpoints = snapshot.Clusters.Values.Sum(static cluster => cluster.State.Endpoints.Length);
        long heap = GC.GetTotalMemory(forceFullCollection: true) - heapBefore;
        Line(output, $"clusters {snapshot.Clusters.Count}, endpoints {endpoints}, filter chains {snapshot.Chains.Count}, input {inputBytes / 1e6:F1} MB");
        Line(output, $"first snapshot: {first.TotalMilliseconds:F0} ms (goal 2000), CPU {firstCpu.TotalMilliseconds:F0} ms, heap {heap / 1e6:F1} MB more (goal 100)");
        MeasureChanges(session, snapshot, output);
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

    private void Apply(ConfigurationSession session, AdsResponse response)
    {
        AdsVerdict verdict = session.ApplyAsync(response, this, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (!verdict.IsAck)
            throw new InvalidOperationException(verdict.Message);
    }

    /// <summary>One of four endpoints is replaced, each time in another cluster, which must then be live.</summary>
    private void MeasureChanges(ConfigurationSession session, RuntimeSnapshot snapshot, TextWriter output)
    {
        AdsResponse[] responses = [.. Directory.EnumerateFiles(folder, "*-eds.binpb").SelectMany(file => OneByOne(file, WarmChanges + Changes))];
        double[] times = new double[Changes];
        long allocated = 0;
        for (int i = 0; i < responses.Length; i++)
        {
            ClusterRuntime cluster = snapshot.Clusters[responses[i].Resources[0].Name];
            ClusterState before = cluster.State;
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            long begun = Stopwatch.GetTimestamp();
            Apply(session, responses[i]);
            TimeSpan taken = Stopwatch.GetElapsedTime(begun);
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            if (ReferenceEquals(before, cluster.State))
                throw new InvalidOperationException("The change is not live.");
            if (i < WarmChanges)
                continue;
            times[i - WarmChanges] = taken.TotalMilliseconds;
            allocated += bytes;
        }

        Array.Sort(times);
        Line(output, $"one endpoint change, {Changes} times: median {times[Changes / 2]:F3} ms, p99 {times[Changes * 99 / 100]:F3} ms, worst {times[^1]:F3} ms (goal 5)");
        Line(output, $"allocated per change: {allocated / Changes} bytes");
    }

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
