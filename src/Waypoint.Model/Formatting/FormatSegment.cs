namespace Waypoint.Model.Formatting;

/// <summary>A piece of a <see cref="FormatString"/>.</summary>
/// <param name="Literal">Text that is copied; null for an operator.</param>
public sealed record FormatSegment(string? Literal)
{
    /// <summary>What the operator asks for.</summary>
    public FormatField Field { get; init; }

    /// <summary>How the answer is written.</summary>
    public FormatKind Kind { get; init; }

    /// <summary>What stands in its parentheses; empty if nothing does.</summary>
    public string Argument { get; init; } = "";

    /// <summary>Second header of <c>%REQ(first?second)%</c>, asked when the first is absent; null if there is none.</summary>
    public string? Alternative { get; init; }

    /// <summary>Keys of metadata below the filter (<see cref="Argument"/>), outermost first.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>How a time is written; null if the operator is none.</summary>
    public TimePattern? Time { get; init; }

    /// <summary>Longest rendering in characters; 0: unlimited.</summary>
    public int MaxLength { get; init; }
}
