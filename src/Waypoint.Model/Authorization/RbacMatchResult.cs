namespace Waypoint.Model.Authorization;

/// <summary>What follows when a branch of a matcher tree is taken: an action or another node. A closed pair; immutable.</summary>
public abstract class RbacMatchResult
{
    private RbacMatchResult()
    {
    }

    /// <summary><c>envoy.config.rbac.v3.Action</c>.</summary>
    public sealed class Decision(string name, RbacAction action) : RbacMatchResult
    {
        internal readonly string Name = name;
        internal readonly RbacAction Action = action;
        internal readonly string DeniedDetails = RbacVerdict.DetailsFor(name);
    }

    /// <summary>A nested matcher.</summary>
    public sealed class Descend(RbacMatchNode node) : RbacMatchResult
    {
        internal readonly RbacMatchNode Node = node;
    }
}
