namespace Waypoint.Model.LoadBalancing;

/// <summary>Endpoints among which the balancing policy alone decides: those of one priority and health class, or of one locality in it. Immutable.</summary>
/// <param name="members">Places of the endpoints in the whole set; not empty.</param>
internal abstract class EndpointGroup(int[] members)
{
    /// <summary>Places of the endpoints in the whole set.</summary>
    public int[] Members => members;

    /// <summary>Place of the endpoint in the whole set.</summary>
    /// <param name="context">What the pick depends on.</param>
    /// <param name="hash">The request's hash, or a random number.</param>
    /// <param name="attempt">How many picks of this request were not wanted before.</param>
    public abstract int Pick(in PickContext context, ulong hash, int attempt);
}
