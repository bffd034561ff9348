namespace Waypoint.Proxy.Upstream;

/// <summary>The addresses of requests to one endpoint. Those of the last paths are kept: services have few (a gRPC method each), and reading an address into its parts costs more than
/// finding it here. Thread-safe without a lock: an entry that two requests set is right either way.</summary>
/// <param name="prefix">Scheme and authority.</param>
internal sealed class UpstreamUris(string prefix)
{
    /// <summary>Entries; about 6 KiB for an endpoint in use.</summary>
    private const int Slots = 16;

    /// <summary>A longer path is seldom the same twice.</summary>
    private const int MaxKeptChars = 128;

    // The path goes out byte for byte as it was matched: canonicalisation would let a policy and the upstream see different paths.
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>The address for a path with query.</summary>
    public Uri Get(string path)
    {
        if (path.Length > MaxKeptChars)
        {
            return new Uri(prefix + path, AsIs);
        }

        ref Entry? slot = ref _entries[(uint)string.GetHashCode(path) % Slots];
        if (Volatile.Read(ref slot) is { } kept && kept.Path == path)
        {
            return kept.Uri;
        }

        var made = new Uri(prefix + path, AsIs);
        Volatile.Write(ref slot, new Entry(path, made));
        return made;
    }

    private sealed record Entry(string Path, Uri Uri);
}
