namespace Waypoint.Model.LoadBalancing;

/// <summary>Each endpoint with the same likelihood; takes no heed of weights, as in Envoy.</summary>
internal sealed class RandomGroup(int[] members) : EndpointGroup(members)
{
    public override int Pick(in PickContext context, ulong hash, int attempt) => Members[context.State.Below(Members.Length)];
}
