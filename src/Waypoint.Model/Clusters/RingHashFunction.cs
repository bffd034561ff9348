namespace Waypoint.Model.Clusters;

/// <summary><c>RingHashLbConfig.hash_function</c>.</summary>
public enum RingHashFunction
{
    /// <summary>xxHash64; the default.</summary>
    XxHash,

    /// <summary>MurmurHash2.</summary>
    Murmur2,
}
