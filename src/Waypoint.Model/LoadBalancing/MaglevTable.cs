using Waypoint.Model.Hashing;

namespace Waypoint.Model.LoadBalancing;

/// <summary>A Maglev table: endpoints take turns in filling it, each along a permutation of the places of its own; a request belongs to the place of its hash. Bit for
/// bit Envoy's. Immutable.</summary>
public sealed class MaglevTable
{
    private readonly ushort[]? _narrow;
    private readonly int[]? _wide;

    private MaglevTable(int[] places, int hosts)
    {
        Size = places.Length;
        // A table of the default size is 64 Ki places: half of the memory where it suffices.
        if (hosts <= ushort.MaxValue)
            _narrow = Array.ConvertAll(places, static host => (ushort)host);
        else
            _wide = places;
    }

    /// <summary>Places; 0 if there are no hosts.</summary>
    public int Size { get; }

    /// <summary>Builds the table.</summary>
    /// <param name="hosts">Hosts with their shares, in the order of the endpoints.</param>
    /// <param name="size">Places; a prime.</param>
    public static MaglevTable Build(IReadOnlyList<PlacedHost> hosts, uint size)
    {
        if (hosts.Count == 0)
            return new MaglevTable([], 0);
        var turns = new Turn[hosts.Count];
        double largest = 0;
        for (int i = 0; i < turns.Length; i++)
        {
            ulong offset = XxHash64.Of(hosts[i].Key) % size;
            turns[i] = new Turn { Place = offset, Step = XxHash64.Of(hosts[i].Key, 1) % (size - 1) + 1, Share = hosts[i].Share };
            largest = Math.Max(largest, hosts[i].Share);
        }

        int[] places = new int[size];
        places.AsSpan().Fill(-1);
        for (long round = 1, filled = 0; filled < size; round++)
        {
            for (int i = 0; i < turns.Length && filled < size; i++)
            {
                // The largest share is served in every round, half of it in every second one.
                ref Turn turn = ref turns[i];
                if (round * turn.Share < turn.Due)
                    continue;
                turn.Due += largest;
                places[turn.NextFree(places, size)] = i;
                filled++;
            }
        }

        return new MaglevTable(places, hosts.Count);
    }

    /// <summary>The host at a place.</summary>
    public int HostAt(int place) => _narrow is not null ? _narrow[place] : _wide![place];

    /// <summary>The host for a hash; -1 if the table is empty. Attempts after the first jump far away.</summary>
    public int Choose(ulong hash, int attempt)
    {
        if (Size == 0)
            return -1;
        if (attempt > 0)
            hash ^= ulong.MaxValue - (ulong)attempt + 1;
        return HostAt((int)(hash % (ulong)Size));
    }

    private struct Turn
    {
        public ulong Place;
        public ulong Step;
        public double Share;
        public double Due;

        public ulong NextFree(int[] places, uint size)
        {
            while (places[Place] >= 0)
                Advance(size);
            ulong found = Place;
            Advance(size);
            return found;
        }

        private void Advance(uint size) => Place = (Place + Step) % size;
    }
}
