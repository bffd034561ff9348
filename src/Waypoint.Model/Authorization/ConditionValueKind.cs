namespace Waypoint.Model.Authorization;

/// <summary>Which kind of value a condition met.</summary>
public enum ConditionValueKind
{
    /// <summary>None: something asked for does not exist, or kinds do not fit. A condition that ends so does not hold.</summary>
    Error,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,
}
