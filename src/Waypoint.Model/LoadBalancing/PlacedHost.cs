using System.Runtime.InteropServices;

namespace Waypoint.Model.LoadBalancing;

/// <summary>An endpoint to be put on a ring or into a table.</summary>
/// <param name="Key">What stands for it: its hash decides the places.</param>
/// <param name="Share">Its part of all places; all shares together are 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlacedHost(string Key, double Share)
{
    /// <summary>Works shares out, in Envoy's order of operations so that rounding is the same.</summary>
    /// <param name="localities">Weight of each locality (any number if there is one only), keys and weights of its endpoints. A locality of weight 0 is left out.</param>
    /// <param name="origins">For each share, the locality and the place in it.</param>
    public static PlacedHost[] Distribute(IReadOnlyList<(uint Weight, IReadOnlyList<(string Key, uint Weight)> Hosts)> localities, out (int Locality, int Host)[] origins)
    {
        List<PlacedHost> placed = [];
        List<(int, int)> from = [];
        ulong localitySum = 0;
        foreach ((uint weight, _) in localities)
            localitySum += weight;
        for (int i = 0; i < localities.Count; i++)
        {
            (uint localityWeight, IReadOnlyList<(string Key, uint Weight)> hosts) = localities[i];
            if (localityWeight == 0)
                continue;
            double localityShare = localities.Count == 1 ? 1 : (double)localityWeight / localitySum;
            ulong sum = 0;
            foreach ((_, uint weight) in hosts)
                sum += weight;
            for (int j = 0; j < hosts.Count; j++)
            {
                placed.Add(new PlacedHost(hosts[j].Key, hosts[j].Weight * localityShare / sum));
                from.Add((i, j));
            }
        }

        origins = [.. from];
        return [.. placed];
    }
}
