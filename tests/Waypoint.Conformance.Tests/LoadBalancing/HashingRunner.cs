using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Hashing;
using Waypoint.Model.LoadBalancing;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Clusters;
using ClusterMessage = Waypoint.Protos.Envoy.Config.Cluster.V3.Cluster;

namespace Waypoint.Conformance.Tests.LoadBalancing;

/// <summary>Set <c>lb-hashing</c>: hash functions, rings, Maglev tables, and what hash policies make of a request. Rings and tables are those of a set of endpoints that was
/// decoded from a cluster and its load assignment.</summary>
internal sealed class HashingRunner : IConformanceRunner
{
    public string Set => "lb-hashing";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        JsonElement input = testCase.GetProperty("input");
        JsonElement expect = testCase.GetProperty("expect");
        string kind = testCase.Text("kind")!;
        switch (kind)
        {
            case "xxhash64":
                Assert.Equal(expect.Number("hash"), XxHash64.Of(Utf8(input.Text("text")!), input.Number("seed") ?? 0));
                break;
            case "xxhash64_chain":
                Assert.Equal(expect.Number("hash"), input.GetProperty("texts").EnumerateArray().Aggregate(0UL, static (seed, text) => XxHash64.Of(Utf8(text.GetString()!), seed)));
                break;
            case "murmurhash2":
                Assert.Equal(expect.Number("hash"), MurmurHash2.Of(Utf8(input.Text("text")!), input.Number("seed") ?? MurmurHash2.StandardSeed));
                break;
            case "request_hash":
                RequestHashCase.Run(input, expect);
                break;
            default:
                RunBalancer(kind, input, expect);
                break;
        }
    }

    private static void RunBalancer(string kind, JsonElement input, JsonElement expect)
    {
        input.RequireOnly("config", "hosts", "hash", "hashes", "retry_attempt", "samples", "hash_of_sample_i", "hash_keys", "hash_policy", "request_headers");
        var context = new DecodeContext("Case");
        ClusterConfig cluster = Decode(input.GetProperty("config"), kind.StartsWith("maglev", StringComparison.Ordinal), context);
        if (expect.Find("config_rejected")?.GetBoolean() ?? false)
        {
            Assert.True(context.HasProblems, "must be refused");
            return;
        }

        Assert.False(context.HasProblems, string.Join(Environment.NewLine, context.Problems));
        EndpointSet set = EndpointSet.Create(CaseEndpoints.Read(input.GetProperty("hosts")), cluster);
        switch (kind)
        {
            case "ring_hash_build" or "maglev_build":
                CheckPlaces(set, cluster, expect);
                break;
            case "ring_hash_choose" or "maglev_choose":
                expect.RequireOnly("host");
                Assert.Equal(expect.Text("host"), Choose(set, input.Number("hash")!.Value, (int)(input.Number("retry_attempt") ?? 0)));
                break;
            case "maglev_choose_many":
                CheckMany(set, input, expect);
                break;
            case "ring_hash_histogram":
                CheckHistogram(set, cluster, input, expect);
                break;
            case "ring_hash_request":
                expect.RequireOnly("hash", "host");
                ulong? hash = RequestHashCase.Hash(input, input.GetProperty("request_headers")).Value;
                Assert.Equal(expect.Number("hash"), hash);
                Assert.Equal(expect.Text("host"), Choose(set, hash!.Value, 0));
                break;
            default:
                Assert.Fail($"the runner does not know kind '{kind}'");
                break;
        }
    }

    private static ClusterConfig Decode(JsonElement config, bool maglev, DecodeContext context)
    {
        config.RequireOnly("minimum_ring_size", "maximum_ring_size", "hash_function", "table_size", "consistent_hashing_lb_config", "locality_weighted_lb_config");
        var common = new JsonObject();
        var own = new JsonObject();
        foreach (JsonProperty field in config.EnumerateObject())
            (field.Name.EndsWith("_lb_config", StringComparison.Ordinal) ? common : own)[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        var json = new JsonObject
        {
            ["name"] = "c",
            ["lb_policy"] = maglev ? "MAGLEV" : "RING_HASH",
            ["common_lb_config"] = common,
            [maglev ? "maglev_lb_config" : "ring_hash_lb_config"] = own,
        };
        return ClusterDecoder.Decode(UpstreamJson.Parse<ClusterMessage>(JsonSerializer.SerializeToElement(json)), ContentHash.None, context);
    }

    private static void CheckPlaces(EndpointSet set, ClusterConfig cluster, JsonElement expect)
    {
        expect.RequireOnly("ring_size", "min_hashes_per_host", "max_hashes_per_host", "ring", "table", "table_size", "min_entries_per_host", "max_entries_per_host");
        if (expect.Number("table_size") is { } tableSize)
            Assert.Equal((uint)tableSize, cluster.Hashing.MaglevTableSize);
        string[] owners = Owners(set, cluster, out IReadOnlyList<ulong> positions);
        if (expect.Number("ring_size") is { } ringSize)
            Assert.Equal((int)ringSize, owners.Length);
        if (expect.Find("ring") is { } ring)
        {
            Assert.Equal(ring.EnumerateArray().Select(static place => place.Number("position")!.Value), positions);
            Assert.Equal(ring.EnumerateArray().Select(static place => place.Text("key")), owners);
        }

        if (expect.Find("table") is { } table)
            Assert.Equal(table.EnumerateArray().Select(static place => place.GetString()), [.. Addresses(set)]);
        CheckCounts(owners, expect);
    }

    private static void CheckCounts(string[] owners, JsonElement expect)
    {
        int[] counts = [.. owners.GroupBy(static owner => owner).Select(static group => group.Count())];
        if ((expect.Number("min_hashes_per_host") ?? expect.Number("min_entries_per_host")) is { } least)
            Assert.Equal((int)least, counts.Min());
        if ((expect.Number("max_hashes_per_host") ?? expect.Number("max_entries_per_host")) is { } most)
            Assert.Equal((int)most, counts.Max());
    }

    private static void CheckMany(EndpointSet set, JsonElement input, JsonElement expect)
    {
        expect.RequireOnly("hosts", "counts");
        ulong[] hashes = input.Find("hashes") is { } listed
            ? [.. listed.EnumerateArray().Select(static hash => hash.ValueKind == JsonValueKind.String ? ulong.Parse(hash.GetString()!, null) : hash.GetUInt64())]
            : [.. Enumerable.Range(0, (int)input.Number("samples")!.Value).Select(static i => (ulong)i)];
        string?[] chosen = Array.ConvertAll(hashes, hash => Choose(set, hash, 0));
        if (expect.Find("hosts") is { } hosts)
            Assert.Equal(hosts.EnumerateArray().Select(static host => host.GetString()), chosen);
        if (expect.Find("counts") is { } counts)
            AssertCounts(counts, chosen);
    }

    private static void CheckHistogram(EndpointSet set, ClusterConfig cluster, JsonElement input, JsonElement expect)
    {
        expect.RequireOnly("counts", "ring_size", "min_hashes_per_host", "max_hashes_per_host");
        ulong samples = input.Number("samples")!.Value;
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"i * floor((2^64-1)/{samples}) mod 2^64"), input.Text("hash_of_sample_i"));
        var chosen = new string?[samples];
        for (ulong i = 0; i < samples; i++)
            chosen[i] = Choose(set, unchecked(i * (ulong.MaxValue / samples)), 0);
        AssertCounts(expect.GetProperty("counts"), chosen);
        string[] owners = Owners(set, cluster, out _);
        if (expect.Number("ring_size") is { } ringSize)
            Assert.Equal((int)ringSize, owners.Length);
        CheckCounts(owners, expect);
    }

    private static void AssertCounts(JsonElement expected, string?[] chosen)
    {
        foreach (JsonProperty count in expected.EnumerateObject())
            Assert.Equal(count.Value.GetInt32(), chosen.Count(host => host == count.Name));
    }

    /// <summary>What stands for the owner of each place, as it was hashed.</summary>
    private static string[] Owners(EndpointSet set, ClusterConfig cluster, out IReadOnlyList<ulong> positions)
    {
        positions = [];
        if (set.Tiers.Count == 0)
            return [];
        EndpointGroup group = Assert.Single(Assert.Single(set.Tiers).Groups);
        IEnumerable<int> hosts;
        if (group is RingHashGroup ring)
        {
            positions = ring.Ring.Positions;
            hosts = ring.Ring.Hosts;
        }
        else
        {
            MaglevTable table = Assert.IsType<MaglevGroup>(group).Table;
            hosts = Enumerable.Range(0, table.Size).Select(table.HostAt);
        }

        return [.. hosts.Select(host => set.Endpoints[group.Members[host]]).Select(e => e.HashKey ?? (cluster.Hashing.UseHostname ? e.Hostname! : e.AddressText))];
    }

    private static IEnumerable<string> Addresses(EndpointSet set)
    {
        var group = Assert.IsType<MaglevGroup>(Assert.Single(Assert.Single(set.Tiers).Groups));
        return Enumerable.Range(0, group.Table.Size).Select(place => NameOf(set.Endpoints[group.Members[group.Table.HostAt(place)]]));
    }

    /// <summary>Picks after <paramref name="attempt"/> endpoints were not wanted: all are, so the last pick is taken.</summary>
    private static string? Choose(EndpointSet set, ulong hash, int attempt)
    {
        PickedEndpoint picked = set.Pick(new PickContext
        {
            State = new LoadBalancerState(new Random(1)),
            Load = new NoLoad(),
            Hash = hash,
            Tried = [.. set.Endpoints],
            MaxRepicks = attempt,
        });
        return picked.Endpoint is { } endpoint ? NameOf(endpoint) : null;
    }

    private static string NameOf(Endpoint endpoint) => endpoint.HashKey is { } key && key.Contains(':', StringComparison.Ordinal) ? key : endpoint.AddressText;

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private sealed class NoLoad : IEndpointLoad
    {
        public uint ActiveRequests(int index) => 0;
    }
}
