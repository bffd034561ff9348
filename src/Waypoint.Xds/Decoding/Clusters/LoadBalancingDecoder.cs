using System.Globalization;
using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using LoadBalancingPolicy = Waypoint.Model.Clusters.LoadBalancingPolicy;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary>The balancing part of <c>envoy.config.cluster.v3.Cluster</c>: policy, rings and tables, slow start.</summary>
internal static class LoadBalancingDecoder
{
    private const double DefaultMinimumPercent = 10;

    /// <summary><c>lb_policy</c>.</summary>
    public static LoadBalancingPolicy Policy(Cluster message, DecodeContext context)
    {
        switch (message.LbPolicy)
        {
            case Cluster.Types.LbPolicy.RoundRobin:
                return LoadBalancingPolicy.RoundRobin;
            case Cluster.Types.LbPolicy.LeastRequest:
                return LoadBalancingPolicy.LeastRequest;
            case Cluster.Types.LbPolicy.RingHash:
                return LoadBalancingPolicy.RingHash;
            case Cluster.Types.LbPolicy.Random:
                return LoadBalancingPolicy.Random;
            case Cluster.Types.LbPolicy.Maglev:
                return LoadBalancingPolicy.Maglev;
            case Cluster.Types.LbPolicy.ClusterProvided:
                return LoadBalancingPolicy.ClusterProvided;
            default:
                context.RefuseValue("lb_policy", message.LbPolicy.ToString(), "ROUND_ROBIN, LEAST_REQUEST, RANDOM, RING_HASH, MAGLEV or CLUSTER_PROVIDED");
                return LoadBalancingPolicy.RoundRobin;
        }
    }

    /// <summary><c>least_request_lb_config.active_request_bias</c>; its runtime key has nothing to look up in.</summary>
    public static double ActiveRequestBias(Cluster message, DecodeContext context)
    {
        double bias = message.LeastRequestLbConfig?.ActiveRequestBias?.DefaultValue ?? 1;
        if (bias is >= 0 and < double.PositiveInfinity)
            return bias;
        context.RefuseValue("least_request_lb_config.active_request_bias.default_value", bias.ToString(CultureInfo.InvariantCulture), "0 or more");
        return 1;
    }

    /// <summary><c>ring_hash_lb_config</c>, <c>maglev_lb_config</c> and <c>common_lb_config.consistent_hashing_lb_config</c>.</summary>
    public static ConsistentHashConfig Hashing(Cluster message, DecodeContext context)
    {
        Cluster.Types.CommonLbConfig.Types.ConsistentHashingLbConfig? common = message.CommonLbConfig?.ConsistentHashingLbConfig;
        if (common?.HashBalanceFactor is > 0)
            context.Ignore("common_lb_config.consistent_hashing_lb_config.hash_balance_factor", "an endpoint keeps its keys however busy it is");
        var config = new ConsistentHashConfig { UseHostname = common is { UseHostnameForHashing: true } };
        if (message.RingHashLbConfig is { } ring)
            config = Ring(ring, config, context);
        if (message.MaglevLbConfig?.TableSize is { } size)
            config = config with { MaglevTableSize = TableSize(size, context) };
        return config == ConsistentHashConfig.Default ? ConsistentHashConfig.Default : config;
    }

    /// <summary><c>slow_start_config</c> of the policy that has one; null: none.</summary>
    public static SlowStartConfig? SlowStart(Cluster message, DecodeContext context)
    {
        Cluster.Types.SlowStartConfig? sent = message.RoundRobinLbConfig?.SlowStartConfig ?? message.LeastRequestLbConfig?.SlowStartConfig;
        if (sent is null)
            return null;
        using DecodeScope scope = context.Field(message.RoundRobinLbConfig is null ? "least_request_lb_config.slow_start_config" : "round_robin_lb_config.slow_start_config");
        TimeSpan window = context.ReadDuration(sent.SlowStartWindow, "slow_start_window", TimeSpan.Zero);
        double aggression = sent.Aggression?.DefaultValue ?? 1;
        if (aggression is not (> 0 and < double.PositiveInfinity))
            context.RefuseValue("aggression.default_value", aggression.ToString(CultureInfo.InvariantCulture), "above 0");
        double minimum = sent.MinWeightPercent?.Value ?? DefaultMinimumPercent;
        if (minimum is not (>= 0 and <= 100))
            context.RefuseValue("min_weight_percent", minimum.ToString(CultureInfo.InvariantCulture), "0-100");
        return window > TimeSpan.Zero ? new SlowStartConfig(window, aggression, minimum) : null;
    }

    private static ConsistentHashConfig Ring(Cluster.Types.RingHashLbConfig ring, ConsistentHashConfig config, DecodeContext context)
    {
        ulong minimum = ring.MinimumRingSize ?? config.MinimumRingSize;
        ulong maximum = ring.MaximumRingSize ?? config.MaximumRingSize;
        if (maximum > ConsistentHashConfig.RingSizeLimit)
            context.RefuseValue("ring_hash_lb_config.maximum_ring_size", maximum.ToString(CultureInfo.InvariantCulture), $"0-{ConsistentHashConfig.RingSizeLimit}");
        if (minimum > maximum)
            context.RefuseValue("ring_hash_lb_config.minimum_ring_size", minimum.ToString(CultureInfo.InvariantCulture), $"at most maximum_ring_size ({maximum})");
        RingHashFunction function = RingHashFunction.XxHash;
        if (ring.HashFunction == Cluster.Types.RingHashLbConfig.Types.HashFunction.MurmurHash2)
            function = RingHashFunction.Murmur2;
        else if (ring.HashFunction != Cluster.Types.RingHashLbConfig.Types.HashFunction.XxHash)
            context.RefuseValue("ring_hash_lb_config.hash_function", ring.HashFunction.ToString(), "XX_HASH or MURMUR_HASH_2");
        return config with { MinimumRingSize = minimum, MaximumRingSize = maximum, Function = function };
    }

    private static uint TableSize(ulong size, DecodeContext context)
    {
        if (size <= ConsistentHashConfig.MaglevTableSizeLimit && ConsistentHashConfig.IsPrime(size))
            return (uint)size;
        context.RefuseValue("maglev_lb_config.table_size", size.ToString(CultureInfo.InvariantCulture), $"a prime number up to {ConsistentHashConfig.MaglevTableSizeLimit}");
        return ConsistentHashConfig.Default.MaglevTableSize;
    }
}
