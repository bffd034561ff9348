namespace Waypoint.Model.LoadBalancing;

/// <summary>What a balancer remembers from one pick to the next: positions in rounds and the source of random numbers. One per cluster and kept while its
/// endpoints change, so that a change does not start the rounds anew. Mutable; as thread-safe as the random source is.</summary>
public sealed class LoadBalancerState
{
    /// <summary>Groups beyond that many share positions, which costs evenness between them and nothing else.</summary>
    internal const int Slots = 8;

    private readonly Random _random;
    private readonly uint[] _positions = new uint[Slots];

    /// <param name="random"><see cref="Random.Shared"/>, or a seeded one in a test with one thread.</param>
    public LoadBalancerState(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        _random = random;
        // A random start keeps proxies that start together from walking the same endpoints in step.
        for (int i = 0; i < _positions.Length; i++)
            _positions[i] = (uint)random.Next();
    }

    internal uint NextInRound(int slot) => Interlocked.Increment(ref _positions[slot]);

    internal int Below(int limit) => _random.Next(limit);

    internal long Below(long limit) => _random.NextInt64(limit);

    internal ulong NextHash() => (ulong)_random.NextInt64(long.MinValue, long.MaxValue);
}
