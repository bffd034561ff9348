namespace Waypoint.Model.Authorization;

/// <summary>How a condition compares two values.</summary>
public enum ConditionRelation
{
    /// <summary><c>==</c>.</summary>
    Equal,

    /// <summary><c>!=</c>.</summary>
    NotEqual,

    /// <summary><c>startsWith</c>, texts only.</summary>
    StartsWith,

    /// <summary><c>endsWith</c>, texts only.</summary>
    EndsWith,

    /// <summary><c>contains</c>, texts only.</summary>
    Contains,
}
