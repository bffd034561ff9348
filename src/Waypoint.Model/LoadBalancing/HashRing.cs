using System.Globalization;
using Waypoint.Model.Clusters;
using Waypoint.Model.Hashing;

namespace Waypoint.Model.LoadBalancing;

/// <summary>A ketama ring: every endpoint stands on it as often as its share says, and a request belongs to the first one at or after its hash. Bit for bit Envoy's,
/// so that several proxies send a key to the same endpoint. Immutable.</summary>
public sealed class HashRing
{
    private readonly ulong[] _positions;
    private readonly int[] _hosts;

    private HashRing(ulong[] positions, int[] hosts)
    {
        _positions = positions;
        _hosts = hosts;
    }

    /// <summary>Hashes on the ring, ascending.</summary>
    public IReadOnlyList<ulong> Positions => _positions;

    /// <summary>The host at each position, by its place in what the ring was built from.</summary>
    public IReadOnlyList<int> Hosts => _hosts;

    /// <summary>Builds the ring. No hosts make an empty one.</summary>
    public static HashRing Build(IReadOnlyList<PlacedHost> hosts, ConsistentHashConfig config)
    {
        if (hosts.Count == 0)
            return new HashRing([], []);
        double least = 1;
        foreach (PlacedHost host in hosts)
            least = Math.Min(least, host.Share);
        // The smallest share gets a whole number of places, unless that makes the ring too large.
        double scale = Math.Min(Math.Ceiling(least * config.MinimumRingSize) / least, config.MaximumRingSize);
        int capacity = (int)Math.Ceiling(scale);
        var positions = new List<ulong>(capacity);
        var owners = new List<int>(capacity);
        double target = 0;
        for (int i = 0; i < hosts.Count; i++)
        {
            target += scale * hosts[i].Share;
            for (int n = 0; positions.Count < target; n++)
            {
                positions.Add(HashOf(hosts[i].Key, n, config.Function));
                owners.Add(i);
            }
        }

        ulong[] sorted = [.. positions];
        int[] sortedOwners = [.. owners];
        Array.Sort(sorted, sortedOwners);
        return new HashRing(sorted, sortedOwners);
    }

    /// <summary>The host for a hash; -1 if the ring is empty. Each attempt goes one place further.</summary>
    public int Choose(ulong hash, int attempt)
    {
        if (_positions.Length == 0)
            return -1;
        int low = 0;
        int high = _positions.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_positions[middle] < hash)
                low = middle + 1;
            else
                high = middle;
        }

        // Behind the last place the ring begins anew.
        return _hosts[(low + attempt) % _positions.Length];
    }

    private static ulong HashOf(string key, int number, RingHashFunction function)
    {
        Span<char> text = key.Length < 240 ? stackalloc char[256] : new char[key.Length + 16];
        key.CopyTo(text);
        text[key.Length] = '_';
        number.TryFormat(text[(key.Length + 1)..], out int digits, provider: CultureInfo.InvariantCulture);
        using var bytes = new ByteText(text[..(key.Length + 1 + digits)], stackalloc byte[ByteText.OnStack]);
        return function == RingHashFunction.Murmur2 ? MurmurHash2.Of(bytes.Span) : XxHash64.Of(bytes.Span);
    }
}
