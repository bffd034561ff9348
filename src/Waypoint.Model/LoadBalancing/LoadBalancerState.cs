namespace Waypoint.Model.LoadBalancing;

/// <summary>What a balancer remembers from one pick to the next: the position in the round and the source of random numbers. One per cluster and kept while its
/// endpoints change, so that a change does not start the round anew. Mutable; as thread-safe as the random source is.</summary>
/// <param name="random"><see cref="Random.Shared"/>, or a seeded one in a test with one thread.</param>
public sealed class LoadBalancerState(Random random)
{
    // A random start keeps proxies that start together from walking the same endpoints in step.
    private uint _sequence = (uint)random.Next();

    internal uint NextInRound() => Interlocked.Increment(ref _sequence);

    internal int Below(int limit) => random.Next(limit);

    internal long Below(long limit) => random.NextInt64(limit);
}
