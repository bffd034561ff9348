namespace Waypoint.Model.LoadBalancing;

/// <summary>Each endpoint in turn, as often in a round as its weight says.</summary>
internal sealed class RoundRobinGroup : EndpointGroup
{
    /// <summary>Longest round of unequal weights. Weights that need a longer one are scaled down; the error is below one part in this many.</summary>
    private const int MaxRound = 8192;

    private readonly int[] _round;
    private readonly int _slot;

    /// <param name="members">Places in the whole set.</param>
    /// <param name="weights">One per member, at least 1.</param>
    /// <param name="slot">Which of the balancer's positions is this group's, so that groups do not push each other on.</param>
    public RoundRobinGroup(int[] members, uint[] weights, int slot)
        : base(members)
    {
        _round = weights.AsSpan().IndexOfAnyExcept(weights[0]) < 0 ? members : Array.ConvertAll(BuildRound(weights), member => members[member]);
        _slot = slot;
    }

    public override int Pick(in PickContext context, ulong hash, int attempt) => _round[context.State.NextInRound(_slot) % (uint)_round.Length];

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
