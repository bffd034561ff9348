namespace Waypoint.Model.LoadBalancing;

/// <summary>One health class of one priority with its share of the traffic, split by locality where localities have weights. Immutable.</summary>
/// <param name="LoadEnd">Exclusive end of its share on the scale of 0 to 100; it starts where the tier before ends.</param>
/// <param name="Groups">One group, or one per locality; empty: requests of this share find nobody.</param>
/// <param name="LocalityEnds">Exclusive ends of the localities' shares; null for one group.</param>
internal sealed record EndpointTier(int LoadEnd, EndpointGroup[] Groups, long[]? LocalityEnds)
{
    public EndpointGroup ChooseGroup(LoadBalancerState state)
    {
        if (LocalityEnds is null)
            return Groups[0];
        long draw = state.Below(LocalityEnds[^1]);
        int i = 0;
        while (draw >= LocalityEnds[i])
            i++;
        return Groups[i];
    }
}
