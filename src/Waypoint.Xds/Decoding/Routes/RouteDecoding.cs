namespace Waypoint.Xds.Decoding.Routes;

/// <summary>What the decoders of one route table pass along.</summary>
/// <param name="Context">Where problems go.</param>
/// <param name="Support">What the data path executes.</param>
/// <param name="KnownClusters">Clusters that exist, when the table is to be refused for naming others; null: any may be named (their answer is
/// <c>cluster_not_found_response_code</c>).</param>
internal sealed record RouteDecoding(DecodeContext Context, RouteFeatureSupport Support, IReadOnlySet<string>? KnownClusters)
{
    /// <summary>Longest inline body of a direct response in bytes (<c>max_direct_response_body_size_bytes</c>).</summary>
    public uint MaxDirectResponseBytes { get; init; } = 4096;

    internal void CheckCluster(string cluster, string name)
    {
        if (KnownClusters is not null && !KnownClusters.Contains(cluster))
            Context.Refuse(name, "is no known cluster", $"'{cluster}'");
    }
}
