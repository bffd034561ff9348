using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.LoadBalancing;
using Waypoint.Model.Outliers;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Clusters;
using LoadBalancingPolicy = Waypoint.Model.Clusters.LoadBalancingPolicy;

namespace Waypoint.Xds.Tests.Decoding.Clusters;

public sealed class BalancingDecoderTests
{
    [Fact]
    public void Decode_RingHash_SizesAndFunction()
    {
        ClusterConfig cluster = Accept("""
            "lb_policy": "RING_HASH", "ring_hash_lb_config": {"minimum_ring_size": "2048", "maximum_ring_size": 4096, "hash_function": "MURMUR_HASH_2"},
            "common_lb_config": {"consistent_hashing_lb_config": {"use_hostname_for_hashing": true}}
            """);
        Assert.Equal(LoadBalancingPolicy.RingHash, cluster.LoadBalancing);
        Assert.Equal(
            new ConsistentHashConfig { MinimumRingSize = 2048, MaximumRingSize = 4096, Function = RingHashFunction.Murmur2, UseHostname = true }, cluster.Hashing);
    }

    [Fact]
    public void Decode_NoHashing_SharedDefaults() => Assert.Same(ConsistentHashConfig.Default, Accept("").Hashing);

    [Theory]
    [InlineData(""" "maglev_lb_config": {"table_size": 8} """, "maglev_lb_config.table_size")]
    [InlineData(""" "maglev_lb_config": {"table_size": 5000081} """, "maglev_lb_config.table_size")]
    [InlineData(""" "ring_hash_lb_config": {"minimum_ring_size": 20, "maximum_ring_size": 10} """, "ring_hash_lb_config.minimum_ring_size")]
    [InlineData(""" "ring_hash_lb_config": {"maximum_ring_size": 8388609} """, "ring_hash_lb_config.maximum_ring_size")]
    [InlineData(""" "least_request_lb_config": {"choice_count": 1} """, "least_request_lb_config.choice_count")]
    [InlineData(""" "least_request_lb_config": {"active_request_bias": {"default_value": -1}} """, "active_request_bias")]
    [InlineData(""" "round_robin_lb_config": {"slow_start_config": {"slow_start_window": "30s", "aggression": {"default_value": 0}}} """, "aggression")]
    [InlineData(""" "round_robin_lb_config": {"slow_start_config": {"slow_start_window": "30s", "min_weight_percent": {"value": 101}}} """, "min_weight_percent")]
    [InlineData(""" "lb_policy": "LOAD_BALANCING_POLICY_CONFIG" """, "lb_policy")]
    [InlineData(""" "circuit_breakers": {"thresholds": [{"retry_budget": {"budget_percent": {"value": 150}}}]} """, "retry_budget.budget_percent")]
    [InlineData(""" "outlier_detection": {"interval": "0s"} """, "outlier_detection.interval")]
    [InlineData(""" "outlier_detection": {"max_ejection_percent": 101} """, "outlier_detection.max_ejection_percent")]
    [InlineData(""" "outlier_detection": {"base_ejection_time": "20s", "max_ejection_time": "10s"} """, "outlier_detection.max_ejection_time")]
    [InlineData(""" "outlier_detection": {"monitors": [{"name": "x"}]} """, "outlier_detection.monitors")]
    public void Decode_BeyondItsRange_RefusedByName(string fields, string path)
    {
        Decode(fields, out DecodeContext context);
        Assert.Contains(context.Problems, problem => problem.Message.Contains(path, StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_Subsets_SelectorsAndFallbacks()
    {
        SubsetConfig subsets = Accept("""
            "lb_subset_config": {"fallback_policy": "DEFAULT_SUBSET", "default_subset": {"version": "1"}, "locality_weight_aware": true, "subset_selectors": [
              {"keys": ["version", "zone"], "fallback_policy": "KEYS_SUBSET", "fallback_keys_subset": ["zone"]}, {"keys": ["zone"]}]}
            """).Subsets!;
        Assert.Equal(SubsetFallback.DefaultSubset, subsets.Fallback);
        Assert.Equal(new SubsetLabels([KeyValuePair.Create("version", "\"1\"")]), subsets.DefaultSubset);
        Assert.True(subsets.LocalityWeightAware);
        Assert.Equal([SubsetFallback.FewerLabels, null], subsets.Selectors.Select(static s => s.Fallback));
        Assert.Null(Accept(""" "lb_subset_config": {"fallback_policy": "ANY_ENDPOINT"} """).Subsets);
    }

    [Fact]
    public void Decode_SlowStart_IstiosForm()
    {
        ClusterConfig cluster = Accept("""
            "round_robin_lb_config": {"slow_start_config": {"aggression": {"default_value": 2, "runtime_key": "("}, "min_weight_percent": {"value": 20}, "slow_start_window": "30s"}}
            """);
        Assert.Equal(new SlowStartConfig(TimeSpan.FromSeconds(30), 2, 20), cluster.SlowStart);
    }

    [Fact]
    public void Decode_CircuitBreakers_PerPriorityWithBudget()
    {
        ClusterConfig cluster = Accept("""
            "circuit_breakers": {"thresholds": [
              {"max_connections": 1, "retry_budget": {"min_retry_concurrency": 2}},
              {"priority": "HIGH", "max_requests": 5, "retry_budget": {"budget_percent": {"value": 50}}}]}
            """);
        Assert.Equal(new CircuitBreakerLimits(1, 1024, 1024, 3) { RetryBudget = new RetryBudget(20, 2) }, cluster.CircuitBreakers);
        Assert.Equal(new CircuitBreakerLimits(1024, 1024, 5, 3) { RetryBudget = new RetryBudget(50, 3) }, cluster.HighPriorityCircuitBreakers);
    }

    [Fact]
    public void Decode_OutlierDetection_IstiosFormWithTheApisDefaults()
    {
        ClusterConfig cluster = Accept("""
            "outlier_detection": {"base_ejection_time": "30s", "consecutive_5xx": 0, "consecutive_local_origin_failure": 2, "enforcing_consecutive_5xx": 0,
              "enforcing_consecutive_local_origin_failure": 100, "enforcing_local_origin_success_rate": 0, "enforcing_success_rate": 0, "interval": "1s",
              "max_ejection_percent": 100, "split_external_local_origin_errors": true}
            """);
        Assert.Equal(
            new OutlierDetectionConfig
            {
                Interval = TimeSpan.FromSeconds(1),
                Consecutive5xx = 0,
                ConsecutiveLocalOriginFailure = 2,
                EnforcingConsecutive5xx = 0,
                EnforcingLocalOriginSuccessRate = 0,
                EnforcingSuccessRate = 0,
                MaxEjectionPercent = 100,
                SplitLocalOriginErrors = true,
            },
            cluster.OutlierDetection);
        Assert.Null(Accept("").OutlierDetection);
    }

    private static ClusterConfig Accept(string fields)
    {
        ClusterConfig cluster = Decode(fields, out DecodeContext context);
        Assert.Empty(context.Problems);
        return cluster;
    }

    private static ClusterConfig Decode(string fields, out DecodeContext context)
    {
        context = new DecodeContext("Cluster 'c'");
        string separator = string.IsNullOrWhiteSpace(fields) ? "" : ",";
        return ClusterDecoder.Decode(Json.Parse<Cluster>($$"""{"name": "c" {{separator}} {{fields}}}"""), default, context);
    }
}
