namespace Waypoint.Model.Matching;

/// <summary>Flags that a pattern in RE2's syntax can set.</summary>
[Flags]
internal enum Re2Flags
{
    None = 0,

    /// <summary><c>i</c></summary>
    IgnoreCase = 1,

    /// <summary><c>m</c></summary>
    MultiLine = 2,

    /// <summary><c>s</c></summary>
    DotMatchesNewline = 4,

    /// <summary><c>U</c></summary>
    Ungreedy = 8,
}
