using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Model.LoadBalancing;

/// <summary>Endpoints among which the balancing policy alone decides: those of one priority and health class, or of one locality in it. Immutable.</summary>
internal sealed class EndpointGroup
{
    /// <summary>Longest round of unequal weights. Weights that need a longer one are scaled down; the error is below one part in this many.</summary>
    private const int MaxRound = 8192;

    private readonly int[] _members;
    private readonly uint[] _weights;
    private readonly long[]? _cumulativeWeights;
    private readonly int[]? _round;

    public EndpointGroup(IReadOnlyList<int> members, IReadOnlyList<Endpoint> endpoints, LoadBalancingPolicy policy)
    {
        _members = [.. members];
        _weights = new uint[_members.Length];
        bool equal = true;
        for (int i = 0; i < _members.Length; i++)
        {
            _weights[i] = Math.Max(endpoints[_members[i]].Weight, 1);
            equal &= _weights[i] == _weights[0];
        }

        if (equal)
            return;
        if (policy == LoadBalancingPolicy.RoundRobin)
            _round = BuildRound(_weights);
        else if (policy == LoadBalancingPolicy.LeastRequest)
            _cumulativeWeights = Accumulate(_weights);
    }

    public int Count => _members.Length;

    /// <summary>Place of the endpoint in the whole set. The group must not be empty.</summary>
    public int Pick(LoadBalancingPolicy policy, uint choices, in PickContext context)
    {
        if (_members.Length == 1)
            return _members[0];
        return policy switch
        {
            LoadBalancingPolicy.RoundRobin => PickInRound(context.State),
            LoadBalancingPolicy.LeastRequest => PickLeastBusy(choices, in context),
            // Random takes no heed of weights, as in Envoy.
            _ => _members[context.State.Below(_members.Length)],
        };
    }

    private int PickInRound(LoadBalancerState state)
    {
        uint position = state.NextInRound();
        return _round is null ? _members[position % (uint)_members.Length] : _members[_round[position % (uint)_round.Length]];
    }

    /// <summary>Samples members by weight and takes the one with the fewest requests per weight. On a tie the first sample wins, so that an idle group is used
    /// exactly by weight.</summary>
    private int PickLeastBusy(uint choices, in PickContext context)
    {
        int best = Sample(context.State);
        ulong bestActive = context.Load.ActiveRequests(_members[best]);
        for (uint i = 1; i < choices; i++)
        {
            int candidate = Sample(context.State);
            ulong active = context.Load.ActiveRequests(_members[candidate]);
            if (active * _weights[best] < bestActive * _weights[candidate])
            {
                best = candidate;
                bestActive = active;
            }
        }

        return _members[best];
    }

    private int Sample(LoadBalancerState state)
    {
        if (_cumulativeWeights is null)
            return state.Below(_members.Length);
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

    /// <summary>One whole round in which every member comes as often as its weight says, spread as evenly as can be: earliest deadline first, where a member's n-th
    /// turn is due at n divided by its weight.</summary>
    private static int[] BuildRound(uint[] weights)
    {
        uint[] turns = Reduce(weights);
        int length = 0;
        var due = new PriorityQueue<int, (double Deadline, int Member)>(turns.Length);
        for (int i = 0; i < turns.Length; i++)
        {
            length += (int)turns[i];
            due.Enqueue(i, (1.0 / turns[i], i));
        }

        int[] round = new int[length];
        for (int i = 0; i < round.Length; i++)
        {
            _ = due.TryDequeue(out int member, out (double Deadline, int) last);
            round[i] = member;
            due.Enqueue(member, (last.Deadline + 1.0 / turns[member], member));
        }

        return round;
    }

    private static uint[] Reduce(uint[] weights)
    {
        uint divisor = 0;
        ulong sum = 0;
        foreach (uint weight in weights)
        {
            (uint a, uint b) = (weight, divisor);
            while (b != 0)
                (a, b) = (b, a % b);
            divisor = a;
            sum += weight;
        }

        double scale = Math.Max(divisor, (double)sum / MaxRound);
        uint[] turns = new uint[weights.Length];
        for (int i = 0; i < weights.Length; i++)
            turns[i] = Math.Max((uint)Math.Round(weights[i] / scale), 1);
        return turns;
    }
}
