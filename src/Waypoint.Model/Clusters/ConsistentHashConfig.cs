namespace Waypoint.Model.Clusters;

/// <summary>How endpoints are placed for balancing by hash: <c>ring_hash_lb_config</c>, <c>maglev_lb_config</c> and <c>common_lb_config.consistent_hashing_lb_config</c>. Immutable.</summary>
public sealed record ConsistentHashConfig
{
    /// <summary>Largest ring that is accepted (8 Mi places), and the default of <see cref="MaximumRingSize"/>.</summary>
    public const ulong RingSizeLimit = 8 * 1024 * 1024;

    /// <summary>Largest Maglev table that is accepted, and a prime near it is the last one usable.</summary>
    public const ulong MaglevTableSizeLimit = 5_000_011;

    /// <summary>Envoy's defaults.</summary>
    public static ConsistentHashConfig Default { get; } = new();

    /// <summary><c>minimum_ring_size</c>: places on the ring at least; default 1024.</summary>
    public ulong MinimumRingSize { get; init; } = 1024;

    /// <summary><c>maximum_ring_size</c>: places at most, whatever the weights; not below the minimum.</summary>
    public ulong MaximumRingSize { get; init; } = RingSizeLimit;

    /// <summary><c>hash_function</c> of the ring. Maglev always uses xxHash64.</summary>
    public RingHashFunction Function { get; init; }

    /// <summary><c>table_size</c> of Maglev: a prime; default 65537.</summary>
    public uint MaglevTableSize { get; init; } = 65537;

    /// <summary><c>use_hostname_for_hashing</c>: the endpoint's host name stands for it instead of its address.</summary>
    public bool UseHostname { get; init; }

    /// <summary>True if <paramref name="size"/> can be a table's size: every step width must reach every place.</summary>
    public static bool IsPrime(ulong size)
    {
        if (size < 2)
            return false;
        for (ulong divisor = 2; divisor * divisor <= size; divisor++)
        {
            if (size % divisor == 0)
                return false;
        }

        return true;
    }
}
