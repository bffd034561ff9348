namespace Waypoint.Model.LoadBalancing;

/// <summary>The endpoint that the Maglev table gives for the request's hash.</summary>
/// <param name="members">Place in the whole set by place in <paramref name="table"/>.</param>
/// <param name="table">The table; not empty.</param>
internal sealed class MaglevGroup(int[] members, MaglevTable table) : EndpointGroup(members)
{
    /// <summary>The table, whose hosts are places in the group.</summary>
    public MaglevTable Table => table;

    public override int Pick(in PickContext context, ulong hash, int attempt) => Members[table.Choose(hash, attempt)];
}
