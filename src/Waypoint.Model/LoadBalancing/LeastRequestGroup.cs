namespace Waypoint.Model.LoadBalancing;

/// <summary>Draws a few endpoints by weight and takes the one with the fewest requests per weight. On a tie the first draw wins, so that an idle group is used exactly by weight.</summary>
internal sealed class LeastRequestGroup : EndpointGroup
{
    private readonly uint[]? _weights;
    private readonly long[]? _cumulativeWeights;
    private readonly uint _choices;
    private readonly double _bias;

    /// <param name="members">Places in the whole set.</param>
    /// <param name="weights">One per member, at least 1.</param>
    /// <param name="choices">Draws, at least 2.</param>
    /// <param name="bias">Exponent of the requests under way; 1: as they are, 0: they do not count.</param>
    public LeastRequestGroup(int[] members, uint[] weights, uint choices, double bias)
        : base(members)
    {
        _bias = bias;
        bool equal = weights.AsSpan().IndexOfAnyExcept(weights[0]) < 0;
        // With equal weights the bias changes no comparison, save the one that takes the load out of it.
        _choices = bias == 0 && !equal ? 1 : choices;
        // Equal ones are no part of any decision, and most clusters have no others.
        if (equal)
            return;
        _weights = weights;
        _cumulativeWeights = Accumulate(weights);
    }

    public override int Pick(in PickContext context, ulong hash, int attempt)
    {
        if (Members.Length == 1)
            return Members[0];
        int best = Sample(context.State);
        ulong bestActive = context.Load.ActiveRequests(Members[best]);
        for (uint i = 1; i < _choices; i++)
        {
            int candidate = Sample(context.State);
            ulong active = context.Load.ActiveRequests(Members[candidate]);
            if (_weights is null ? active < bestActive : IsLessBusy(active, _weights[candidate], bestActive, _weights[best]))
            {
                best = candidate;
                bestActive = active;
            }
        }

        return Members[best];
    }

    private bool IsLessBusy(ulong active, uint weight, ulong otherActive, uint otherWeight) =>
        _bias == 1
            ? active * otherWeight < otherActive * weight
            : Math.Pow(active, _bias) * otherWeight < Math.Pow(otherActive, _bias) * weight;

    private int Sample(LoadBalancerState state)
    {
        if (_cumulativeWeights is null)
            return state.Below(Members.Length);
        int found = Array.BinarySearch(_cumulativeWeights, state.Below(_cumulativeWeights[^1]));
        // Sums are exclusive ends: a number equal to one belongs to the next member.
        return found >= 0 ? found + 1 : ~found;
    }

    private static long[] Accumulate(uint[] weights)
    {
        long[] sums = new long[weights.Length];
        long sum = 0;
        for (int i = 0; i < weights.Length; i++)
            sums[i] = sum += weights[i];
        return sums;
    }
}
