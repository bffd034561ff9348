namespace Waypoint.Grpc.Client;

/// <summary>What one call adds to its channel.</summary>
public sealed record GrpcCallOptions
{
    /// <summary>No deadline, no metadata of its own.</summary>
    public static GrpcCallOptions Default { get; } = new();

    /// <summary>Longest duration of the whole call, told to the server as <c>grpc-timeout</c>. Default: none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Metadata of this call besides the channel's.</summary>
    public IReadOnlyList<GrpcHeader> Metadata { get; init; } = [];
}
