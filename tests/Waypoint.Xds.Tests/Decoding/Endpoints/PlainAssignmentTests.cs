using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Waypoint.Model.Endpoints;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Endpoints;

namespace Waypoint.Xds.Tests.Decoding.Endpoints;

/// <summary>What is read without a message must be what the general decoder reads, and that must have had nothing to say. WAYPOINT_FUZZ_SECONDS makes a run longer,
/// WAYPOINT_FUZZ_SEED repeats one.</summary>
public sealed class PlainAssignmentTests(ITestOutputHelper output)
{
    private const string Name = "inbound-vip|80|http|reviews.shop.svc.cluster.local";

    private const string Pod = """
        {"health_status": "HEALTHY", "load_balancing_weight": 3,
         "endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate", "endpoint_id": "10.244.2.31:9080"}}},
         "metadata": {"filter_metadata": {
           "istio": {"workload": "reviews-v1;bookinfo;reviews;v1;Kubernetes"},
           "envoy.filters.listener.original_dst": {"local": "10.244.2.32:9080"}}}}
        """;

    private readonly int _seed = Number("WAYPOINT_FUZZ_SEED") ?? Random.Shared.Next();
    private readonly TimeSpan _time = TimeSpan.FromSeconds(Number("WAYPOINT_FUZZ_SECONDS") ?? 2);

    public static TheoryData<string> Plain =>
    [
        "",
        $$"""{"locality": {"region": "r1", "zone": "z1", "sub_zone": "rack-1"}, "load_balancing_weight": 4, "lb_endpoints": [{{Pod}}]}""",
        $$"""{"priority": 1, "lb_endpoints": [{{Pod}}, {{Pod.Replace("HEALTHY", "UNHEALTHY", StringComparison.Ordinal)}}]}, {"load_balancing_weight": 1}""",
        """{"lb_endpoints": [{"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate", "endpoint_id": "[fd00::5]:80"}}}}]}""",
    ];

    public static TheoryData<string> Others =>
    [
        """{"lb_endpoints": [{"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate"}}}}]}""",
        """{"lb_endpoints": [{"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate", "endpoint_id": "10.1:80"}}}}]}""",
        """{"lb_endpoints": [{"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "inner_connect_originate", "endpoint_id": "10.0.0.1:80"}}}}]}""",
        """{"lb_endpoints": [{"endpoint": {"address": {"socket_address": {"address": "10.0.0.9", "port_value": 8443}}}}]}""",
        Pod.Replace("\"workload\"", "\"work\"", StringComparison.Ordinal),
        Pod.Replace("reviews-v1;", "résumé;", StringComparison.Ordinal),
        Pod.Replace("\"istio\"", "\"envoy.lb\"", StringComparison.Ordinal),
        Pod.Replace("HEALTHY", "DRAINING", StringComparison.Ordinal),
        Pod.Replace("\"load_balancing_weight\": 3", "\"load_balancing_weight\": 0", StringComparison.Ordinal),
        """{"proximity": 1}""",
    ];

    [Theory]
    [MemberData(nameof(Plain))]
    public void TryRead_PodsBehindHbone_SameAsTheGeneralDecoder(string endpoints)
    {
        byte[] bytes = Bytes(endpoints);
        AssertSame(Read(bytes) ?? throw new InvalidOperationException("It is left to the general decoder."), bytes, endpoints);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void TryRead_AnyOtherForm_LeftToTheGeneralDecoder(string endpoints)
    {
        string whole = endpoints.StartsWith("{\"health", StringComparison.Ordinal) ? $$"""{"lb_endpoints": [{{endpoints}}]}""" : endpoints;
        Assert.Null(Read(Bytes(whole)));
    }

    [Fact]
    public void TryRead_FieldSentTwice_LeftToTheGeneralDecoder()
    {
        byte[] bytes = Bytes($$"""{"lb_endpoints": [{{Pod}}]}""");
        byte[] name = new ClusterLoadAssignment { ClusterName = Name }.ToByteArray();
        Assert.Null(Read([.. bytes, .. name]));
    }

    [Fact]
    public void TryRead_OneEndpointReplaced_OthersAreTheSameObjects()
    {
        string second = Pod.Replace("10.244.2.32", "10.244.2.33", StringComparison.Ordinal), third = Pod.Replace("10.244.2.32", "10.244.2.34", StringComparison.Ordinal);
        ClusterEndpoints before = Read(Bytes($$"""{"lb_endpoints": [{{Pod}}, {{second}}, {{third}}]}"""))!;
        string other = Pod.Replace("10.244.2.32", "10.244.2.99", StringComparison.Ordinal);
        byte[] bytes = Bytes($$"""{"lb_endpoints": [{{Pod}}, {{other}}, {{third.Replace("HEALTHY", "UNHEALTHY", StringComparison.Ordinal)}}]}""");
        ClusterEndpoints after = PlainAssignment.TryRead(Name, bytes, before)!;

        AssertSame(after, bytes, "replaced");
        Assert.Same(before.Localities[0].Endpoints[0], after.Localities[0].Endpoints[0]);
        Assert.Equal(EndpointHealth.Unhealthy, after.Localities[0].Endpoints[2].Health);
    }

    [Fact]
    public void TryRead_FirstEndpointGone_OthersAreTheSameObjects()
    {
        string second = Pod.Replace("10.244.2.32", "10.244.2.33", StringComparison.Ordinal);
        ClusterEndpoints before = Read(Bytes($$"""{"lb_endpoints": [{{Pod}}, {{second}}]}"""))!;
        ClusterEndpoints after = PlainAssignment.TryRead(Name, Bytes($$"""{"lb_endpoints": [{{second}}]}"""), before)!;
        Assert.Same(before.Localities[0].Endpoints[1], Assert.Single(after.Localities[0].Endpoints));
    }

    [Fact]
    public void TryRead_OtherName_LeftToTheGeneralDecoder() => Assert.Null(PlainAssignment.TryRead("other", Bytes("")));

    [Fact]
    public void TryRead_DamagedBytes_SameAsTheGeneralDecoderOrLeftToIt()
    {
        var random = new Random(_seed);
        byte[][] samples = [.. Plain.Select(static row => Bytes(row.Data))];
        ClusterEndpoints?[] known = [null, .. samples.Select(Read)];
        long begun = Stopwatch.GetTimestamp();
        int read = 0, left = 0;
        while (Stopwatch.GetElapsedTime(begun) < _time)
        {
            byte[] bytes = Damage(samples[random.Next(samples.Length)], random);
            if (PlainAssignment.TryRead(Name, bytes, known[random.Next(known.Length)]) is { } plain)
            {
                AssertSame(plain, bytes, $"seed {_seed}: {Convert.ToHexString(bytes)}");
                read++;
            }
            else
            {
                left++;
            }
        }

        output.WriteLine($"seed {_seed}: {read} read, {left} left");
        Assert.True(read > 0 && left > 0, "the damage makes only one kind of bytes");
    }

    private static ClusterEndpoints? Read(byte[] bytes) => PlainAssignment.TryRead(Name, bytes);

    private static void AssertSame(ClusterEndpoints plain, byte[] bytes, string what)
    {
        var context = new DecodeContext("Case");
        ClusterEndpoints general = LoadAssignmentDecoder.Decode(ClusterLoadAssignment.Parser.ParseFrom(bytes), context);
        context.Check(bytes, ProtoName.Of<ClusterLoadAssignment>());
        Assert.True(!context.HasProblems && context.Ignored.Count == 0, what);
        Assert.Equal(general.OverprovisioningFactorPercent, plain.OverprovisioningFactorPercent);
        Assert.Equal(general.Localities.Select(static l => l with { Endpoints = [] }), plain.Localities.Select(static l => l with { Endpoints = [] }));
        Assert.Equal(general.Localities.SelectMany(static l => l.Endpoints), plain.Localities.SelectMany(static l => l.Endpoints));
        Assert.Equal(general.Localities.Select(static l => l.Endpoints.Count), plain.Localities.Select(static l => l.Endpoints.Count));
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        byte[] damaged = [.. bytes];
        for (int i = random.Next(4); i >= 0 && damaged.Length > 0; i--)
        {
            int at = random.Next(damaged.Length);
            damaged = random.Next(4) switch
            {
                0 => [.. damaged[..at], .. damaged[Math.Min(damaged.Length, at + random.Next(8))..]],
                1 => [.. damaged[..at], (byte)random.Next(256), .. damaged[at..]],
                _ => Changed(damaged, at, (byte)(random.Next(2) == 0 ? random.Next(256) : damaged[at] ^ (1 << random.Next(8)))),
            };
        }

        return damaged;
    }

    private static byte[] Changed(byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }

    private static byte[] Bytes(string endpoints) => Json.Parse<ClusterLoadAssignment>($$"""{"cluster_name": "{{Name}}", "endpoints": [{{endpoints}}]}""").ToByteArray();

    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : null;
}
