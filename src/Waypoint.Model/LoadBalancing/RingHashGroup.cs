namespace Waypoint.Model.LoadBalancing;

/// <summary>The endpoint that the ring gives for the request's hash.</summary>
/// <param name="members">Place in the whole set by place in <paramref name="ring"/>.</param>
/// <param name="ring">The ring; not empty.</param>
internal sealed class RingHashGroup(int[] members, HashRing ring) : EndpointGroup(members)
{
    /// <summary>The ring, whose hosts are places in the group.</summary>
    public HashRing Ring => ring;

    public override int Pick(in PickContext context, ulong hash, int attempt) => Members[ring.Choose(hash, attempt)];
}
